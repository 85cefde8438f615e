namespace Sam.Gpu.TestSupport;

/// <summary>A collective that a thread has reached. The threads of a group must all reach an equal one.</summary>
/// <param name="Operation">The member of the team: Sum, Max or Barrier.</param>
/// <param name="Row">The row or the tile.</param>
/// <param name="Number">How many of its collectives came before.</param>
internal readonly record struct Collective(string Operation, int Row, int Number)
{
    public override string ToString() => $"{Operation} (collective {Number + 1})";
}
