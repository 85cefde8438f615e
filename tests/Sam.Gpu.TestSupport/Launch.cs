using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.TestSupport;

/// <summary>One launch of a kernel on an emulated device.</summary>
/// <param name="operation">The launch's number on its device.</param>
internal abstract class Launch(int operation)
{
    /// <summary>The launch's number on its device.</summary>
    public int Operation { get; } = operation;

    /// <summary>The kernel, boxed.</summary>
    public abstract object Kernel { get; }

    /// <summary>The kernel's name in messages.</summary>
    public string KernelName => KernelDescription.Name(Kernel.GetType());

    /// <summary>What a thread group works on: "row" or "tile".</summary>
    public virtual string Work => "row";

    /// <summary>The host threads that take part.</summary>
    public abstract int Threads { get; }

    /// <summary>Runs the share of one host thread.</summary>
    /// <param name="thread">The thread.</param>
    public abstract void Run(EmulatedThread thread);

    /// <summary>The emulated thread of an access in this launch, in words.</summary>
    /// <param name="access">The access.</param>
    public abstract string Describe(in MemoryAccess access);
}

/// <summary>A launch over elements: a thread each, one host thread a rank.</summary>
/// <remarks>
/// A host thread is its rank in one group after the other, so that neighbours do not follow each other. That each element has a thread of its
/// own is in the marks that they leave on memory.
/// </remarks>
/// <typeparam name="K">The kernel's type.</typeparam>
internal sealed class ElementLaunch<K>(int operation, in K kernel, int length, int groupSize) : Launch(operation)
    where K : struct, IElementKernel
{
    private readonly K kernel = kernel;

    public override object Kernel => kernel;

    public override int Threads => Math.Min(groupSize, length);

    public override void Run(EmulatedThread thread)
    {
        var local = kernel;
        for (int index = thread.Rank; index < length; index += groupSize)
        {
            thread.Now = new MemoryAccess(Operation, index / groupSize, thread.Rank, 0);
            local.Run(index, length - index);
        }
    }

    public override string Describe(in MemoryAccess access) =>
        $"the thread of element {(access.Group * groupSize) + access.Rank} (group {access.Group}, rank {access.Rank})";
}

/// <summary>A launch over rows: a thread group each, one host thread a rank.</summary>
/// <typeparam name="K">The kernel's type.</typeparam>
/// <typeparam name="V">The lane.</typeparam>
internal sealed class RowLaunch<K, V>(int operation, in K kernel, int rows, int groupSize) : Launch(operation)
    where K : struct, IRowKernel<V>
    where V : unmanaged, ILane<V>
{
    private readonly K kernel = kernel;

    public override object Kernel => kernel;

    public override int Threads => rows == 0 ? 0 : groupSize;

    public override void Run(EmulatedThread thread)
    {
        // A rank goes on to its next row without waiting for the others, as the groups of a GPU run side by side.
        var local = kernel;
        for (int row = 0; row < rows; row++)
        {
            thread.Now = new MemoryAccess(Operation, row, thread.Rank, 0);
            local.Run(new EmulatedTeam<V>(thread), row);
        }
    }

    public override string Describe(in MemoryAccess access) => $"rank {access.Rank} of row {access.Group}";
}
