using System.Runtime.CompilerServices;

namespace Sam.Gpu.Kernels.Lanes;

/// <summary>A lane of one binary64 number: a thread of a GPU, or of the emulated device.</summary>
/// <param name="value">The number.</param>
public readonly unsafe struct Double1(double value) : IHostLane<Double1>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The number.</summary>
    public readonly double Value = value;

    /// <inheritdoc/>
    public static int Width => 1;

    /// <inheritdoc/>
    public static bool IsDouble => true;

    /// <inheritdoc/>
    public static int ElementSize => sizeof(double);

    /// <inheritdoc/>
    public static Double1 Index => new(0);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 Constant(double value) => new(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 Integer(int value) => new(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static int ToInteger(Double1 a) => (int)a.Value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 operator +(Double1 a, Double1 b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 operator -(Double1 a, Double1 b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 operator *(Double1 a, Double1 b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 operator /(Double1 a, Double1 b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 operator -(Double1 a) => new(-a.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 FusedMultiplyAdd(Double1 a, Double1 b, Double1 c) => new(Math.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 Min(Double1 a, Double1 b) => new(IsLess(a, b) ? a.Value : b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 Max(Double1 a, Double1 b) => new(IsLess(b, a) ? a.Value : b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 Abs(Double1 a) => new(Math.Abs(a.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 Sqrt(Double1 a) => new(Math.Sqrt(a.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 Round(Double1 a) => new(Math.Round(a.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 WhereLess(Double1 a, Double1 b, Double1 yes, Double1 no) => new(IsLess(a, b) ? yes.Value : no.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 WhereEqual(Double1 a, Double1 b, Double1 yes, Double1 no) => new(a.Value == b.Value ? yes.Value : no.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 CopySign(Double1 a, Double1 sign) =>
        FromBits((Bits(a) & long.MaxValue) | (Bits(sign) & long.MinValue));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 PowerOfTwo(Double1 n) => FromBits(((long)n.Value + 1023) << 52);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 Exponent(Double1 a) => new((Bits(a) >> 52) - 1023);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 Significand(Double1 a) => FromBits((Bits(a) & 0x000FFFFFFFFFFFFFL) | 0x3FF0000000000000L);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 UpperHalf(Double1 a) => FromBits(Bits(a) & unchecked((long)0xFFFFFFFFF8000000UL));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 SumAcross(Double1 a) => a;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 MaxAcross(Double1 a) => a;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 Load(void* source) => new(*(double*)source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(void* destination, Double1 value) => *(double*)destination = value.Value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 LoadPart(void* source, int count, Double1 otherwise) => otherwise;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePart(void* destination, int count, Double1 value)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Double1 Broadcast(void* source) => new(*(double*)source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreFirst(void* destination, Double1 value) => *(double*)destination = value.Value;

    // Said twice: where a constant is on the left, ILGPU 1.5 changes the sides, and its code for CUDA then takes NaN for less. The one of the
    // two that has the constant on the right is never changed.
    [MethodImpl(Inline)]
    private static bool IsLess(Double1 a, Double1 b) => (a.Value < b.Value) & (b.Value > a.Value);

    [MethodImpl(Inline)]
    private static long Bits(Double1 a) => BitConverter.DoubleToInt64Bits(a.Value);

    [MethodImpl(Inline)]
    private static Double1 FromBits(long bits) => new(BitConverter.Int64BitsToDouble(bits));
}
