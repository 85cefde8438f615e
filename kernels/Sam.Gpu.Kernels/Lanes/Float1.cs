using System.Runtime.CompilerServices;

namespace Sam.Gpu.Kernels.Lanes;

/// <summary>A lane of one binary32 number: a thread of a GPU, or of the emulated device.</summary>
/// <param name="value">The number.</param>
public readonly unsafe struct Float1(float value) : IHostLane<Float1>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The number.</summary>
    public readonly float Value = value;

    /// <inheritdoc/>
    public static int Width => 1;

    /// <inheritdoc/>
    public static bool IsDouble => false;

    /// <inheritdoc/>
    public static int ElementSize => sizeof(float);

    /// <inheritdoc/>
    public static Float1 Index => new(0);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 Constant(double value) => new((float)value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 Integer(int value) => new(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static int ToInteger(Float1 a) => (int)a.Value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 operator +(Float1 a, Float1 b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 operator -(Float1 a, Float1 b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 operator *(Float1 a, Float1 b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 operator /(Float1 a, Float1 b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 operator -(Float1 a) => new(-a.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 FusedMultiplyAdd(Float1 a, Float1 b, Float1 c) => new(MathF.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 Min(Float1 a, Float1 b) => new(IsLess(a, b) ? a.Value : b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 Max(Float1 a, Float1 b) => new(IsLess(b, a) ? a.Value : b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 Abs(Float1 a) => new(MathF.Abs(a.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 Sqrt(Float1 a) => new(MathF.Sqrt(a.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 Round(Float1 a) => new(MathF.Round(a.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 WhereLess(Float1 a, Float1 b, Float1 yes, Float1 no) => new(IsLess(a, b) ? yes.Value : no.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 WhereEqual(Float1 a, Float1 b, Float1 yes, Float1 no) => new(a.Value == b.Value ? yes.Value : no.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 CopySign(Float1 a, Float1 sign) =>
        FromBits((Bits(a) & int.MaxValue) | (Bits(sign) & int.MinValue));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 PowerOfTwo(Float1 n) => FromBits(((int)n.Value + 127) << 23);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 Exponent(Float1 a) => new((Bits(a) >> 23) - 127);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 Significand(Float1 a) => FromBits((Bits(a) & 0x007FFFFF) | 0x3F800000);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 UpperHalf(Float1 a) => FromBits(Bits(a) & unchecked((int)0xFFFFF000));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 SumAcross(Float1 a) => a;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 MaxAcross(Float1 a) => a;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 Load(void* source) => new(*(float*)source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(void* destination, Float1 value) => *(float*)destination = value.Value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 LoadPart(void* source, int count, Float1 otherwise) => otherwise;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePart(void* destination, int count, Float1 value)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Float1 Broadcast(void* source) => new(*(float*)source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreFirst(void* destination, Float1 value) => *(float*)destination = value.Value;

    // Said twice: where a constant is on the left, ILGPU 1.5 changes the sides, and its code for CUDA then takes NaN for less. The one of the
    // two that has the constant on the right is never changed.
    [MethodImpl(Inline)]
    private static bool IsLess(Float1 a, Float1 b) => (a.Value < b.Value) & (b.Value > a.Value);

    [MethodImpl(Inline)]
    private static int Bits(Float1 a) => BitConverter.SingleToInt32Bits(a.Value);

    [MethodImpl(Inline)]
    private static Float1 FromBits(int bits) => new(BitConverter.Int32BitsToSingle(bits));
}
