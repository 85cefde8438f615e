namespace Sam.Gpu.Curvature;

/// <summary>What an <see cref="Eigensolver"/> carries from one measurement to the next, for a checkpoint.</summary>
/// <param name="Vectors">The vectors that the next warm start begins from, [count, P]; empty if there are none.</param>
/// <param name="RandomPosition">The position in the stream of random directions.</param>
public sealed record EigensolverState(ReadOnlyMemory<double> Vectors, ulong RandomPosition);
