using System.Runtime.CompilerServices;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Operations;

/// <summary>Checks of operands that every operation shares.</summary>
internal static class Require
{
    /// <summary>Throws where a span is shorter than the operation needs.</summary>
    public static void AtLeast(DeviceSpan span, long length, [CallerArgumentExpression(nameof(span))] string name = "")
    {
        if (span.Length < length)
        {
            throw new ArgumentException($"'{span.Memory?.Name}' has {span.Length} numbers where at least {length} are needed.", name);
        }
    }

    /// <summary>Throws where a span has not the length that the operation needs.</summary>
    public static void Length(DeviceSpan span, long length, [CallerArgumentExpression(nameof(span))] string name = "")
    {
        if (span.Length != length)
        {
            throw new ArgumentException($"'{span.Memory?.Name}' has {span.Length} numbers where {length} are needed.", name);
        }
    }

    /// <summary>Throws where a product that an operation follows, if there is one, does not write the span that the operation takes in.</summary>
    public static void Writes(in DeviceProduct? product, DeviceSpan span, [CallerArgumentExpression(nameof(span))] string name = "")
    {
        if (product is { C.Span: var written } && (written.Memory != span.Memory || written.Offset != span.Offset))
        {
            throw new ArgumentException(
                $"The product writes from number {written.Offset} of '{written.Memory?.Name}' on, but '{span.Memory?.Name}' is taken in from {span.Offset} on.",
                name);
        }
    }
}
