using System.Text;

namespace Sam.Gpu.Data;

/// <summary>A stream of random numbers that depends on a seed and a name alone: the same bits on every machine.</summary>
/// <remarks>
/// <para>The generator is Philox4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011). Its key
/// comes from the seed and the name of the substream, its counter from the index and the position. So streams of one seed
/// under different names ("init", "data", "probes") do not disturb each other: drawing more from one changes nothing in
/// another. Streams of one name with different seeds, or of one seed and name with different indices, never coincide.</para>
/// <para>The whole state is <see cref="Position"/>: setting it restores the stream.</para>
/// <para>Not safe for use by several threads at once; give each its own index instead.</para>
/// </remarks>
public sealed class RandomStream
{
    private readonly ulong key;
    private readonly uint[] block = new uint[Philox.BlockSize];
    private ulong position;

    /// <summary>Creates a stream at its beginning.</summary>
    /// <param name="seed">The seed of the run; any value.</param>
    /// <param name="substream">What the numbers are for, such as "init", "data" or "probes"; not empty.</param>
    /// <param name="index">Tells apart streams of one purpose, such as layers or epochs.</param>
    public RandomStream(ulong seed, string substream, ulong index = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(substream);
        Seed = seed;
        Substream = substream;
        Index = index;
        key = Mix(Mix(seed) ^ Hash(substream));
    }

    /// <summary>The seed of the run.</summary>
    public ulong Seed { get; }

    /// <summary>What the numbers are for.</summary>
    public string Substream { get; }

    /// <summary>Tells apart streams of one purpose.</summary>
    public ulong Index { get; }

    /// <summary>How many 32-bit words have been drawn; set it to go there, back or ahead, at once.</summary>
    public ulong Position
    {
        get => position;
        set
        {
            position = value;
            if (value % Philox.BlockSize != 0)
            {
                FillBlock();
            }
        }
    }

    /// <summary>The next 32 random bits. Draws one word.</summary>
    public uint NextUInt32()
    {
        var word = (int)(position % Philox.BlockSize);
        if (word == 0)
        {
            FillBlock();
        }

        position++;
        return block[word];
    }

    /// <summary>The next 64 random bits, least significant word first. Draws two words.</summary>
    public ulong NextUInt64()
    {
        ulong low = NextUInt32();
        return low | ((ulong)NextUInt32() << 32);
    }

    /// <summary>A multiple of 2⁻⁵³ in [0, 1), each equally likely. Draws two words.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number from the normal distribution with mean 0 and variance 1; at most 8.6 in size. Draws four words.</summary>
    /// <remarks>
    /// The cosine half of Box and Muller (1958), with a logarithm and a cosine made of IEEE operations alone. The sine half
    /// is left out so that every number costs the same and the position stays the whole state.
    /// </remarks>
    public double NextGaussian()
    {
        // 1 - u lies in (0, 1]: its logarithm is finite.
        var radius = Math.Sqrt(-2 * PortableMath.Log(1 - NextDouble()));
        return radius * PortableMath.CosineOfTurns(NextDouble());
    }

    /// <summary>-1 or 1, equally likely (Rademacher). Draws one word.</summary>
    public int NextSign() => (NextUInt32() >> 31) == 0 ? 1 : -1;

    /// <summary>A whole number from 0 to <paramref name="bound"/> - 1, each exactly equally likely. Draws one word, seldom more.</summary>
    /// <param name="bound">At least 1.</param>
    /// <remarks>Lemire, "Fast Random Integer Generation in an Interval", 2019.</remarks>
    public int NextBelow(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var range = (uint)bound;
        var product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            // 2^32 mod range: so many of the products would favour some results.
            var surplus = (0u - range) % range;
            while ((uint)product < surplus)
            {
                product = (ulong)NextUInt32() * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Puts values in random order, each order equally likely (Fisher and Yates).</summary>
    /// <param name="values">The values, reordered in place.</param>
    /// <typeparam name="T">Anything.</typeparam>
    public void Shuffle<T>(Span<T> values)
    {
        for (var last = values.Length - 1; last > 0; last--)
        {
            var chosen = NextBelow(last + 1);
            (values[last], values[chosen]) = (values[chosen], values[last]);
        }
    }

    /// <summary>The numbers 0 to <paramref name="count"/> - 1 in random order.</summary>
    /// <param name="count">At least 0.</param>
    public int[] Permutation(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        Shuffle<int>(order);
        return order;
    }

    private void FillBlock() => Philox.WriteBlock(position / Philox.BlockSize, Index, key, block);

    /// <summary>FNV-1a, 64 bits, of the UTF-8 bytes: fixed for ever, unlike string.GetHashCode.</summary>
    private static ulong Hash(string name)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var octet in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ octet) * 0x100000001B3UL;
        }

        return hash;
    }

    /// <summary>The finalizer of SplitMix64: one to one, and every input bit reaches every output bit.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15UL;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
