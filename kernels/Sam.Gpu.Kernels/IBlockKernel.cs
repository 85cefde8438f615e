namespace Sam.Gpu.Kernels;

/// <summary>An element kernel over the numbers of a block of K directions, which can treat some directions at a time.</summary>
/// <remarks>
/// <see cref="IElementKernel.Run"/> treats all K of them. Such a kernel can be the epilogue of a matrix product [K, N, columns]: a CPU runs
/// it on each part of the product as soon as it is finished, while it is in a cache. So it reads and writes nothing of the product but the
/// elements that it is called for.
/// </remarks>
public interface IBlockKernel : IElementKernel
{
    /// <summary>Treats the elements of one lane, for some directions.</summary>
    /// <param name="index">The index of the first element.</param>
    /// <param name="count">The elements from the index to the end of the array or of what is finished, ≥ 1; hand it to loads and stores.</param>
    /// <param name="first">The first direction.</param>
    /// <param name="end">The direction behind the last.</param>
    void Run(int index, int count, int first, int end);
}
