namespace Sam.Gpu.Devices;

/// <summary>A part of a device's memory: consecutive numbers. A value; it frees nothing.</summary>
public readonly struct DeviceSpan
{
    internal DeviceSpan(DeviceMemory memory, int offset, int length)
    {
        Memory = memory;
        Offset = offset;
        Length = length;
    }

    /// <summary>The allocation that the span lies in; null for the default, empty span.</summary>
    public DeviceMemory? Memory { get; }

    /// <summary>The index of the first number in the allocation.</summary>
    public int Offset { get; }

    /// <summary>The number of numbers.</summary>
    public int Length { get; }

    /// <summary>Whether the span is empty.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>A part of this span.</summary>
    /// <param name="start">The index of its first number in this span.</param>
    /// <param name="length">Its length.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie in the span.</exception>
    public DeviceSpan Slice(int start, int length)
    {
        if ((uint)start > (uint)Length || (uint)length > (uint)(Length - start))
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), $"The part [{start}, {(long)start + length}) does not lie in the span of {Length} numbers of '{Memory?.Name}'.");
        }

        return new DeviceSpan(Memory!, Offset + start, length);
    }

    /// <summary>The part from an index to the end.</summary>
    /// <param name="start">The index of its first number in this span.</param>
    public DeviceSpan Slice(int start) => Slice(start, Length - start);
}
