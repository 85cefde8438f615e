using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sam.Gpu.Kernels.Lanes;

/// <summary>A lane of 128 bits on a CPU: 4 <see cref="float"/> or 2 <see cref="double"/>.</summary>
/// <remarks>The tests of <c>typeof(T)</c> are settled when the method is compiled; nothing of them is left at run time.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, nothing else.</typeparam>
/// <param name="value">The numbers.</param>
public readonly unsafe struct Simd128<T>(Vector128<T> value) : IHostLane<Simd128<T>>
    where T : unmanaged
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The numbers.</summary>
    public readonly Vector128<T> Value = value;

    /// <inheritdoc/>
    public static int Width => Vector128<T>.Count;

    /// <inheritdoc/>
    public static bool IsDouble => typeof(T) == typeof(double);

    /// <inheritdoc/>
    public static int ElementSize => sizeof(T);

    /// <inheritdoc/>
    public static Simd128<T> Index => new(Vector128<T>.Indices);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> Constant(double value) =>
        typeof(T) == typeof(float)
            ? new(Vector128.Create((float)value).As<float, T>())
            : new(Vector128.Create(value).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> Integer(int value) => Constant(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static int ToInteger(Simd128<T> a) =>
        typeof(T) == typeof(float) ? (int)a.Value.AsSingle().ToScalar() : (int)a.Value.AsDouble().ToScalar();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> operator +(Simd128<T> a, Simd128<T> b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> operator -(Simd128<T> a, Simd128<T> b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> operator *(Simd128<T> a, Simd128<T> b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> operator /(Simd128<T> a, Simd128<T> b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> operator -(Simd128<T> a) => new(a.Value ^ SignBit);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> FusedMultiplyAdd(Simd128<T> a, Simd128<T> b, Simd128<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector128.FusedMultiplyAdd(a.Value.AsSingle(), b.Value.AsSingle(), c.Value.AsSingle()).As<float, T>())
            : new(Vector128.FusedMultiplyAdd(a.Value.AsDouble(), b.Value.AsDouble(), c.Value.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> Min(Simd128<T> a, Simd128<T> b) => new(Vector128.MinNative(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> Max(Simd128<T> a, Simd128<T> b) => new(Vector128.MaxNative(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> Abs(Simd128<T> a) => new(Vector128.AndNot(a.Value, SignBit));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> Sqrt(Simd128<T> a) => new(Vector128.Sqrt(a.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> Round(Simd128<T> a) =>
        typeof(T) == typeof(float)
            ? new(Vector128.Round(a.Value.AsSingle()).As<float, T>())
            : new(Vector128.Round(a.Value.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> WhereLess(Simd128<T> a, Simd128<T> b, Simd128<T> yes, Simd128<T> no) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(a.Value, b.Value), yes.Value, no.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> WhereEqual(Simd128<T> a, Simd128<T> b, Simd128<T> yes, Simd128<T> no) =>
        new(Vector128.ConditionalSelect(Vector128.Equals(a.Value, b.Value), yes.Value, no.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> CopySign(Simd128<T> a, Simd128<T> sign) => new(Vector128.ConditionalSelect(SignBit, sign.Value, a.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> PowerOfTwo(Simd128<T> n) =>
        typeof(T) == typeof(float)
            ? new(((Vector128.ConvertToInt32Native(n.Value.AsSingle()) + Vector128.Create(127)) << 23).As<int, T>())
            : new(((IntegerBits(n.Value.AsDouble()) + Vector128.Create(1023L)) << 52).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> Exponent(Simd128<T> a) =>
        typeof(T) == typeof(float)
            ? new(Vector128.ConvertToSingle((a.Value.AsInt32() >>> 23) - Vector128.Create(127)).As<float, T>())
            : new(SmallInteger((a.Value.AsInt64() >>> 52) - Vector128.Create(1023L)).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> Significand(Simd128<T> a) =>
        typeof(T) == typeof(float)
            ? new(((a.Value.AsInt32() & Vector128.Create(0x007FFFFF)) | Vector128.Create(0x3F800000)).As<int, T>())
            : new(((a.Value.AsInt64() & Vector128.Create(0x000FFFFFFFFFFFFFL)) | Vector128.Create(0x3FF0000000000000L)).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> UpperHalf(Simd128<T> a) =>
        typeof(T) == typeof(float)
            ? new((a.Value.AsInt32() & Vector128.Create(unchecked((int)0xFFFFF000))).As<int, T>())
            : new((a.Value.AsInt64() & Vector128.Create(unchecked((long)0xFFFFFFFFF8000000UL))).As<long, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> SumAcross(Simd128<T> a)
    {
        Vector128<T> x = a.Value;
        if (typeof(T) == typeof(float))
        {
            x += Vector128.Shuffle(x.AsInt32(), Vector128.Create(2, 3, 0, 1)).As<int, T>();
            x += Vector128.Shuffle(x.AsInt32(), Vector128.Create(1, 0, 3, 2)).As<int, T>();
            return new(x);
        }

        return new(x + Vector128.Shuffle(x.AsInt64(), Vector128.Create(1L, 0L)).As<long, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> MaxAcross(Simd128<T> a)
    {
        Vector128<T> x = a.Value;
        if (typeof(T) == typeof(float))
        {
            x = Vector128.Max(x, Vector128.Shuffle(x.AsInt32(), Vector128.Create(2, 3, 0, 1)).As<int, T>());
            x = Vector128.Max(x, Vector128.Shuffle(x.AsInt32(), Vector128.Create(1, 0, 3, 2)).As<int, T>());
            return new(x);
        }

        return new(Vector128.Max(x, Vector128.Shuffle(x.AsInt64(), Vector128.Create(1L, 0L)).As<long, T>()));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> Load(void* source) => new(Vector128.Load((T*)source));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(void* destination, Simd128<T> value) => value.Value.Store((T*)destination);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Simd128<T> LoadPart(void* source, int count, Simd128<T> otherwise)
    {
        if (!Avx.IsSupported)
        {
            return HostLane.LoadPart(source, count, otherwise);
        }

        var mask = First(count);
        var loaded = typeof(T) == typeof(float)
            ? Avx.MaskLoad((float*)source, mask.AsSingle()).As<float, T>()
            : Avx.MaskLoad((double*)source, mask.AsDouble()).As<double, T>();
        return new(Vector128.ConditionalSelect(mask, loaded, otherwise.Value));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePart(void* destination, int count, Simd128<T> value)
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
    public static Simd128<T> Broadcast(void* source) => new(Vector128.Create(*(T*)source));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreFirst(void* destination, Simd128<T> value) => *(T*)destination = value.Value.ToScalar();

    // All bits of the first positions.
    [MethodImpl(Inline)]
    private static Vector128<T> First(int count) =>
        typeof(T) == typeof(float)
            ? Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).As<int, T>()
            : Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)count)).As<long, T>();

    private static Vector128<T> SignBit
    {
        [MethodImpl(Inline)]
        get => typeof(T) == typeof(float)
            ? Vector128.Create(int.MinValue).As<int, T>()
            : Vector128.Create(long.MinValue).As<long, T>();
    }

    // Adding 1.5 · 2⁵² puts a small integer into the low bits of a double: AVX2 has no conversion between the two.
    [MethodImpl(Inline)]
    private static Vector128<long> IntegerBits(Vector128<double> n) =>
        (n + Vector128.Create(6755399441055744.0)).AsInt64() - Vector128.Create(6755399441055744.0).AsInt64();

    [MethodImpl(Inline)]
    private static Vector128<double> SmallInteger(Vector128<long> n) =>
        (n + Vector128.Create(6755399441055744.0).AsInt64()).AsDouble() - Vector128.Create(6755399441055744.0);
}
