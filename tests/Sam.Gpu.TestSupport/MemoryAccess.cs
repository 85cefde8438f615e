namespace Sam.Gpu.TestSupport;

/// <summary>Who touched a number, and when: the thread and its place among the barriers.</summary>
/// <param name="operation">The launch or the copy, numbered from 1 on its device; 0 is no access.</param>
/// <param name="group">The thread group in the launch.</param>
/// <param name="rank">The thread in its group.</param>
/// <param name="epoch">The collectives that the thread has passed.</param>
internal readonly struct MemoryAccess(int operation, int group, int rank, int epoch)
{
    public readonly int Operation = operation;
    public readonly int Group = group;
    public readonly int Rank = rank;
    public readonly int Epoch = epoch;

    /// <summary>Whether a GPU guarantees that this access is done before a later one begins.</summary>
    /// <remarks>Operations are ordered, a thread's own accesses are, and those of a group with a collective between them.</remarks>
    public bool IsOrderedBefore(in MemoryAccess later) =>
        Operation != later.Operation || (Group == later.Group && (Rank == later.Rank || Epoch != later.Epoch));
}
