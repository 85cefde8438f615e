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
