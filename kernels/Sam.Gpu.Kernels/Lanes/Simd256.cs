using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sam.Gpu.Kernels.Lanes;

/// <summary>A lane of 256 bits on a CPU: 8 <see cref="float"/> or 4 <see cref="double"/>.</summary>
/// <remarks>The tests of <c>typeof(T)</c> are settled when the method is compiled; nothing of them is left at run time.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, nothing else.</typeparam>
/// <param name="value">The numbers.</param>
public readonly unsafe struct Simd256<T>(Vector256<T> value) : IHostLane<Simd256<T>>
    where T : unmanaged
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The numbers.</summary>
    public readonly Vector256<T> Value = value;

    /// <inheritdoc/>
    public static int Width => Vector256<T>.Count;

    /// <inheritdoc/>
    public static bool IsDouble => typeof(T) == typeof(double);

    /// <inheritdoc/>
    public static int ElementSize => sizeof(T);

    /// <inheritdoc/>
    public static Simd256<T> Index => new(Vector256<T>.Indices);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> Constant(double value) =>
        typeof(T) == typeof(float)
            ? new(Vector256.Create((float)value).As<float, T>())
            : new(Vector256.Create(value).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> Integer(int value) => Constant(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static int ToInteger(Simd256<T> a) =>
        typeof(T) == typeof(float) ? (int)a.Value.AsSingle().ToScalar() : (int)a.Value.AsDouble().ToScalar();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> operator +(Simd256<T> a, Simd256<T> b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> operator -(Simd256<T> a, Simd256<T> b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> operator *(Simd256<T> a, Simd256<T> b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> operator /(Simd256<T> a, Simd256<T> b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> operator -(Simd256<T> a) => new(a.Value ^ SignBit);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> FusedMultiplyAdd(Simd256<T> a, Simd256<T> b, Simd256<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector256.FusedMultiplyAdd(a.Value.AsSingle(), b.Value.AsSingle(), c.Value.AsSingle()).As<float, T>())
            : new(Vector256.FusedMultiplyAdd(a.Value.AsDouble(), b.Value.AsDouble(), c.Value.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> Min(Simd256<T> a, Simd256<T> b) => new(Vector256.MinNative(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> Max(Simd256<T> a, Simd256<T> b) => new(Vector256.MaxNative(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> Abs(Simd256<T> a) => new(Vector256.AndNot(a.Value, SignBit));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> Sqrt(Simd256<T> a) => new(Vector256.Sqrt(a.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> Round(Simd256<T> a) =>
        typeof(T) == typeof(float)
            ? new(Vector256.Round(a.Value.AsSingle()).As<float, T>())
            : new(Vector256.Round(a.Value.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> WhereLess(Simd256<T> a, Simd256<T> b, Simd256<T> yes, Simd256<T> no) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(a.Value, b.Value), yes.Value, no.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> WhereEqual(Simd256<T> a, Simd256<T> b, Simd256<T> yes, Simd256<T> no) =>
        new(Vector256.ConditionalSelect(Vector256.Equals(a.Value, b.Value), yes.Value, no.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> CopySign(Simd256<T> a, Simd256<T> sign) => new(Vector256.ConditionalSelect(SignBit, sign.Value, a.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> PowerOfTwo(Simd256<T> n) =>
        typeof(T) == typeof(float)
            ? new(((Vector256.ConvertToInt32Native(n.Value.AsSingle()) + Vector256.Create(127)) << 23).As<int, T>())
            : new(((IntegerBits(n.Value.AsDouble()) + Vector256.Create(1023L)) << 52).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> Exponent(Simd256<T> a) =>
        typeof(T) == typeof(float)
            ? new(Vector256.ConvertToSingle((a.Value.AsInt32() >>> 23) - Vector256.Create(127)).As<float, T>())
            : new(SmallInteger((a.Value.AsInt64() >>> 52) - Vector256.Create(1023L)).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> Significand(Simd256<T> a) =>
        typeof(T) == typeof(float)
            ? new(((a.Value.AsInt32() & Vector256.Create(0x007FFFFF)) | Vector256.Create(0x3F800000)).As<int, T>())
            : new(((a.Value.AsInt64() & Vector256.Create(0x000FFFFFFFFFFFFFL)) | Vector256.Create(0x3FF0000000000000L)).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> UpperHalf(Simd256<T> a) =>
        typeof(T) == typeof(float)
            ? new((a.Value.AsInt32() & Vector256.Create(unchecked((int)0xFFFFF000))).As<int, T>())
            : new((a.Value.AsInt64() & Vector256.Create(unchecked((long)0xFFFFFFFFF8000000UL))).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> SumAcross(Simd256<T> a)
    {
        var half = Simd128<T>.SumAcross(new(a.Value.GetLower() + a.Value.GetUpper())).Value;
        return new(Vector256.Create(half, half));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> MaxAcross(Simd256<T> a)
    {
        var half = Simd128<T>.MaxAcross(new(Vector128.Max(a.Value.GetLower(), a.Value.GetUpper()))).Value;
        return new(Vector256.Create(half, half));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> Load(void* source) => new(Vector256.Load((T*)source));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(void* destination, Simd256<T> value) => value.Value.Store((T*)destination);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> LoadPart(void* source, int count, Simd256<T> otherwise)
    {
        if (!Avx.IsSupported)
        {
            return HostLane.LoadPart(source, count, otherwise);
        }

        var mask = First(count);
        var loaded = typeof(T) == typeof(float)
            ? Avx.MaskLoad((float*)source, mask.AsSingle()).As<float, T>()
            : Avx.MaskLoad((double*)source, mask.AsDouble()).As<double, T>();
        return new(Vector256.ConditionalSelect(mask, loaded, otherwise.Value));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePart(void* destination, int count, Simd256<T> value)
    {
        if (!Avx.IsSupported)
        {
            HostLane.StorePart(destination, count, value);
        }
        else if (typeof(T) == typeof(float))
        {
            Avx.MaskStore((float*)destination, First(count).AsSingle(), value.Value.AsSingle());
        }
        else
        {
            Avx.MaskStore((double*)destination, First(count).AsDouble(), value.Value.AsDouble());
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd256<T> Broadcast(void* source) => new(Vector256.Create(*(T*)source));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreFirst(void* destination, Simd256<T> value) => *(T*)destination = value.Value.ToScalar();

    // All bits of the first positions.
    [MethodImpl(Inline)]
    private static Vector256<T> First(int count) =>
        typeof(T) == typeof(float)
            ? Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).As<int, T>()
            : Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).As<long, T>();

    private static Vector256<T> SignBit
    {
        [MethodImpl(Inline)]
        get => typeof(T) == typeof(float)
            ? Vector256.Create(int.MinValue).As<int, T>()
            : Vector256.Create(long.MinValue).As<long, T>();
    }

    // Adding 1.5 · 2⁵² puts a small integer into the low bits of a double: AVX2 has no conversion between the two.
    [MethodImpl(Inline)]
    private static Vector256<long> IntegerBits(Vector256<double> n) =>
        (n + Vector256.Create(6755399441055744.0)).AsInt64() - Vector256.Create(6755399441055744.0).AsInt64();

    [MethodImpl(Inline)]
    private static Vector256<double> SmallInteger(Vector256<long> n) =>
        (n + Vector256.Create(6755399441055744.0).AsInt64()).AsDouble() - Vector256.Create(6755399441055744.0);
}
