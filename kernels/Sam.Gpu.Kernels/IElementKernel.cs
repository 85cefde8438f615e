namespace Sam.Gpu.Kernels;

/// <summary>A kernel that treats each element of an array by itself.</summary>
/// <remarks>Launched over 0 … length − 1 in steps of a lane: a GPU thread each, or a loop on every core of a CPU.</remarks>
public interface IElementKernel
{
    /// <summary>Treats the elements of one lane.</summary>
    /// <param name="index">The index of the first element, a multiple of the lane's width.</param>
    /// <param name="count">The elements from the index to the end of the array, ≥ 1; hand it to loads and stores.</param>
    void Run(int index, int count);
}

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
