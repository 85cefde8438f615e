using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.TestSupport;

/// <summary>Where a number lies, for messages.</summary>
internal interface IMemoryPlace
{
    /// <summary>The memory and the index in it, in words.</summary>
    /// <param name="launch">The launch that touches the number.</param>
    string Describe(Launch launch);
}

/// <summary>Accesses of emulated threads to a number: it must be written before it is read, and nobody may race for it.</summary>
internal static class CheckedAccess
{
    public static V Read<V, P>(ref EmulatedMemory<V>.Element element, EmulatedThread thread, P place)
        where V : unmanaged, ILane<V>
        where P : struct, IMemoryPlace
    {
        if (!element.Shadow.IsWritten)
        {
            throw Fault(thread, "load", place, "which was never written since it was allocated");
        }

        if (!element.Shadow.TryRead(thread.Now, out var race))
        {
            throw Race(thread, "load", place, race, "store");
        }

        return element.Value;
    }

    public static void Write<V, P>(ref EmulatedMemory<V>.Element element, EmulatedThread thread, P place, V value)
        where V : unmanaged, ILane<V>
        where P : struct, IMemoryPlace
    {
        if (!element.Shadow.TryWrite(thread.Now, out var race, out bool isRaceWithWrite))
        {
            throw Race(thread, "store", place, race, isRaceWithWrite ? "store" : "load");
        }

        element.Value = value;
    }

    public static KernelFaultException Fault<P>(EmulatedThread thread, string access, P place, string what)
        where P : struct, IMemoryPlace =>
        new(
            $"{thread.Launch.KernelName}: {thread.Launch.Describe(thread.Now)} does a {access} on {place.Describe(thread.Launch)}, "
            + $"{what}.");

    private static KernelFaultException Race<P>(EmulatedThread thread, string access, P place, in MemoryAccess race, string other)
        where P : struct, IMemoryPlace =>
        Fault(
            thread, access, place,
            $"and {thread.Launch.Describe(race)} did a {other} on the same number in the same launch with nothing between them that orders "
            + "the two: a data race");
}
