using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sam.Gpu.Kernels.Lanes;

/// <summary>A lane of 512 bits on a CPU: 16 <see cref="float"/> or 8 <see cref="double"/>.</summary>
/// <remarks>The tests of <c>typeof(T)</c> are settled when the method is compiled; nothing of them is left at run time.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, nothing else.</typeparam>
/// <param name="value">The numbers.</param>
public readonly unsafe struct Simd512<T>(Vector512<T> value) : IHostLane<Simd512<T>>
    where T : unmanaged
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The numbers.</summary>
    public readonly Vector512<T> Value = value;

    /// <inheritdoc/>
    public static int Width => Vector512<T>.Count;

    /// <inheritdoc/>
    public static bool IsDouble => typeof(T) == typeof(double);

    /// <inheritdoc/>
    public static int ElementSize => sizeof(T);

    /// <inheritdoc/>
    public static Simd512<T> Index => new(Vector512<T>.Indices);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> Constant(double value) =>
        typeof(T) == typeof(float)
            ? new(Vector512.Create((float)value).As<float, T>())
            : new(Vector512.Create(value).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> Integer(int value) => Constant(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static int ToInteger(Simd512<T> a) =>
        typeof(T) == typeof(float) ? (int)a.Value.AsSingle().ToScalar() : (int)a.Value.AsDouble().ToScalar();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> operator +(Simd512<T> a, Simd512<T> b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> operator -(Simd512<T> a, Simd512<T> b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> operator *(Simd512<T> a, Simd512<T> b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> operator /(Simd512<T> a, Simd512<T> b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> operator -(Simd512<T> a) => new(a.Value ^ SignBit);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> FusedMultiplyAdd(Simd512<T> a, Simd512<T> b, Simd512<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector512.FusedMultiplyAdd(a.Value.AsSingle(), b.Value.AsSingle(), c.Value.AsSingle()).As<float, T>())
            : new(Vector512.FusedMultiplyAdd(a.Value.AsDouble(), b.Value.AsDouble(), c.Value.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> Min(Simd512<T> a, Simd512<T> b) => new(Vector512.MinNative(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> Max(Simd512<T> a, Simd512<T> b) => new(Vector512.MaxNative(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> Abs(Simd512<T> a) => new(Vector512.AndNot(a.Value, SignBit));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> Sqrt(Simd512<T> a) => new(Vector512.Sqrt(a.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> Round(Simd512<T> a) =>
        typeof(T) == typeof(float)
            ? new(Vector512.Round(a.Value.AsSingle()).As<float, T>())
            : new(Vector512.Round(a.Value.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> WhereLess(Simd512<T> a, Simd512<T> b, Simd512<T> yes, Simd512<T> no) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(a.Value, b.Value), yes.Value, no.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> WhereEqual(Simd512<T> a, Simd512<T> b, Simd512<T> yes, Simd512<T> no) =>
        new(Vector512.ConditionalSelect(Vector512.Equals(a.Value, b.Value), yes.Value, no.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> CopySign(Simd512<T> a, Simd512<T> sign) => new(Vector512.ConditionalSelect(SignBit, sign.Value, a.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> PowerOfTwo(Simd512<T> n) =>
        typeof(T) == typeof(float)
            ? new(((Vector512.ConvertToInt32Native(n.Value.AsSingle()) + Vector512.Create(127)) << 23).As<int, T>())
            : new(((IntegerBits(n.Value.AsDouble()) + Vector512.Create(1023L)) << 52).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> Exponent(Simd512<T> a) =>
        typeof(T) == typeof(float)
            ? new(Vector512.ConvertToSingle((a.Value.AsInt32() >>> 23) - Vector512.Create(127)).As<float, T>())
            : new(SmallInteger((a.Value.AsInt64() >>> 52) - Vector512.Create(1023L)).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> Significand(Simd512<T> a) =>
        typeof(T) == typeof(float)
            ? new(((a.Value.AsInt32() & Vector512.Create(0x007FFFFF)) | Vector512.Create(0x3F800000)).As<int, T>())
            : new(((a.Value.AsInt64() & Vector512.Create(0x000FFFFFFFFFFFFFL)) | Vector512.Create(0x3FF0000000000000L)).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> UpperHalf(Simd512<T> a) =>
        typeof(T) == typeof(float)
            ? new((a.Value.AsInt32() & Vector512.Create(unchecked((int)0xFFFFF000))).As<int, T>())
            : new((a.Value.AsInt64() & Vector512.Create(unchecked((long)0xFFFFFFFFF8000000UL))).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> SumAcross(Simd512<T> a)
    {
        var half = Simd256<T>.SumAcross(new(a.Value.GetLower() + a.Value.GetUpper())).Value;
        return new(Vector512.Create(half, half));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> MaxAcross(Simd512<T> a)
    {
        var half = Simd256<T>.MaxAcross(new(Vector256.Max(a.Value.GetLower(), a.Value.GetUpper()))).Value;
        return new(Vector512.Create(half, half));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> Load(void* source) => new(Vector512.Load((T*)source));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(void* destination, Simd512<T> value) => value.Value.Store((T*)destination);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> LoadPart(void* source, int count, Simd512<T> otherwise)
    {
        if (!Avx512F.IsSupported)
        {
            return HostLane.LoadPart(source, count, otherwise);
        }

        return typeof(T) == typeof(float)
            ? new(Avx512F.MaskLoad((float*)source, First(count).AsSingle(), otherwise.Value.AsSingle()).As<float, T>())
            : new(Avx512F.MaskLoad((double*)source, First(count).AsDouble(), otherwise.Value.AsDouble()).As<double, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePart(void* destination, int count, Simd512<T> value)
    {
        if (!Avx512F.IsSupported)
        {
            HostLane.StorePart(destination, count, value);
        }
        else if (typeof(T) == typeof(float))
        {
            Avx512F.MaskStore((float*)destination, First(count).AsSingle(), value.Value.AsSingle());
        }
        else
        {
            Avx512F.MaskStore((double*)destination, First(count).AsDouble(), value.Value.AsDouble());
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd512<T> Broadcast(void* source) => new(Vector512.Create(*(T*)source));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreFirst(void* destination, Simd512<T> value) => *(T*)destination = value.Value.ToScalar();

    // All bits of the first positions.
    [MethodImpl(Inline)]
    private static Vector512<T> First(int count) =>
        typeof(T) == typeof(float)
            ? Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).As<int, T>()
            : Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)count)).As<long, T>();

    private static Vector512<T> SignBit
    {
        [MethodImpl(Inline)]
        get => typeof(T) == typeof(float)
            ? Vector512.Create(int.MinValue).As<int, T>()
            : Vector512.Create(long.MinValue).As<long, T>();
    }

    // Adding 1.5 · 2⁵² puts a small integer into the low bits of a double: AVX2 has no conversion between the two.
    [MethodImpl(Inline)]
    private static Vector512<long> IntegerBits(Vector512<double> n) =>
        (n + Vector512.Create(6755399441055744.0)).AsInt64() - Vector512.Create(6755399441055744.0).AsInt64();

    [MethodImpl(Inline)]
    private static Vector512<double> SmallInteger(Vector512<long> n) =>
        (n + Vector512.Create(6755399441055744.0).AsInt64()).AsDouble() - Vector512.Create(6755399441055744.0);
}
