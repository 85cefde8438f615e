using Sam.Gpu.Data;
using Xunit;

namespace Sam.Gpu.Tests.Data;

public sealed class RandomStreamTests
{
    // The known answers of the Random123 library, kat_vectors, philox 4x32 10.
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void PhiloxGivesTheKnownAnswers(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1, uint r2, uint r3)
    {
        var block = new uint[Philox.BlockSize];
        Philox.WriteBlock(c0 | ((ulong)c1 << 32), c2 | ((ulong)c3 << 32), k0 | ((ulong)k1 << 32), block);
        Assert.Equal([r0, r1, r2, r3], block);
    }

    // From a second implementation, in Python, of the key, the counter and the block.
    [Theory]
    [InlineData(0, "init", 0, 0x98798e39u, 0x33a7415du, 0xa89015a0u, 0x4393236du, 0x3a24539fu, 0x030beebcu)]
    [InlineData(0, "data", 0, 0x9b244cb4u, 0xc8aeca79u, 0x4ec60fffu, 0x46185077u, 0xcaafa106u, 0x202a5b1cu)]
    [InlineData(1, "init", 0, 0x54350986u, 0x1361a5c4u, 0x1960722bu, 0x79aa9cd9u, 0x2cca84cdu, 0x4e8288aau)]
    [InlineData(0, "init", 1, 0x2ad6232cu, 0x213ed4e8u, 0x6c55e36au, 0x8288688cu, 0x3bc4e689u, 0xae3d805cu)]
    public void WordsAreFixedForEver(ulong seed, string substream, ulong index, uint w0, uint w1, uint w2, uint w3, uint w4, uint w5)
    {
        var stream = new RandomStream(seed, substream, index);
        Assert.Equal([w0, w1, w2, w3, w4, w5], Enumerable.Range(0, 6).Select(_ => stream.NextUInt32()));
    }

    [Fact]
    public void DoublesAreFixedForEver()
    {
        var stream = new RandomStream(0, "init");
        Assert.Equal(0.20177086386727272, stream.NextDouble());
        Assert.Equal(0.2639639036866017, stream.NextDouble());
    }

    [Fact]
    public void GaussiansAreFixedForEver()
    {
        var stream = new RandomStream(0, "init");
        double[] drawn = [stream.NextGaussian(), stream.NextGaussian(), stream.NextGaussian(), stream.NextGaussian()];

        // Bits, not tolerances: these are what every machine must give, and a second implementation in Python gives.
        Assert.Equal(
            [0xbfae1eac6e1faae0UL, 0x3fc3b3f6daa0037dUL, 0x3fed769bd1945c6bUL, 0xbff12dd06fb62280UL],
            drawn.Select(BitConverter.DoubleToUInt64Bits));
    }

    [Fact]
    public void ALongRunOfGaussiansIsFixedForEver()
    {
        var stream = new RandomStream(7, "probes");
        var fold = 0UL;
        for (var i = 0; i < 100_000; i++)
        {
            fold = (fold * 0x100000001B3UL) ^ BitConverter.DoubleToUInt64Bits(stream.NextGaussian());
        }

        Assert.Equal(0xfa5f2da19dceb13fUL, fold);
    }

    [Fact]
    public void UInt64TakesTheLowWordFirst() => Assert.Equal(0x33a7415d98798e39UL, new RandomStream(0, "init").NextUInt64());

    [Fact]
    public void PositionRestoresTheStreamAnywhere()
    {
        var whole = new RandomStream(3, "data");
        var words = Enumerable.Range(0, 41).Select(_ => whole.NextUInt32()).ToArray();
        Assert.Equal(41UL, whole.Position);
        for (var start = 0; start < words.Length; start++)
        {
            var stream = new RandomStream(3, "data") { Position = (ulong)start };
            Assert.Equal(words[start..], Enumerable.Range(start, words.Length - start).Select(_ => stream.NextUInt32()));
        }
    }

    [Fact]
    public void PositionGoesBack()
    {
        var stream = new RandomStream(3, "data");
        var first = stream.NextGaussian();
        _ = stream.NextSign();
        _ = stream.NextUInt32();
        stream.Position = 0;
        Assert.Equal(first, stream.NextGaussian());
        Assert.Equal(4UL, stream.Position);
    }

    [Fact]
    public void UniformsHaveTheMomentsOfTheUniformDistribution()
    {
        const int Count = 1_000_000;
        var stream = new RandomStream(11, "data");
        double sum = 0, squares = 0;
        for (var i = 0; i < Count; i++)
        {
            var value = stream.NextDouble();
            Assert.True(value is >= 0 and < 1);
            sum += value;
            squares += value * value;
        }

        // Five standard errors: of the mean sqrt(1/12/N), of the mean square sqrt(4/45/N).
        Assert.Equal(0.5, sum / Count, 5 * Math.Sqrt(1.0 / 12 / Count));
        Assert.Equal(1.0 / 3, squares / Count, 5 * Math.Sqrt(4.0 / 45 / Count));
    }

    [Fact]
    public void GaussiansHaveTheMomentsAndTailsOfTheNormalDistribution()
    {
        const int Count = 1_000_000;
        var stream = new RandomStream(12, "init");
        var moments = new double[5];
        var beyondTwo = 0;
        for (var i = 0; i < Count; i++)
        {
            var value = stream.NextGaussian();
            for (var power = 1; power <= 4; power++)
            {
                moments[power] += Math.Pow(value, power) / Count;
            }

            beyondTwo += Math.Abs(value) > 2 ? 1 : 0;
        }

        // Five standard errors: the variances of z, z², z³, z⁴ are 1, 2, 15, 96.
        Assert.Equal(0, moments[1], 5 * Math.Sqrt(1.0 / Count));
        Assert.Equal(1, moments[2], 5 * Math.Sqrt(2.0 / Count));
        Assert.Equal(0, moments[3], 5 * Math.Sqrt(15.0 / Count));
        Assert.Equal(3, moments[4], 5 * Math.Sqrt(96.0 / Count));
        const double Tail = 0.04550026389635842;
        Assert.Equal(Tail, beyondTwo / (double)Count, 5 * Math.Sqrt(Tail * (1 - Tail) / Count));
    }

    [Theory]
    [InlineData(1, "init", 0, 2, "init", 0)]
    [InlineData(1, "init", 0, 1, "data", 0)]
    [InlineData(1, "init", 0, 1, "init", 1)]
    [InlineData(0, "data", 0, 0, "probes", 0)]
    public void StreamsAreUncorrelated(ulong seed1, string name1, ulong index1, ulong seed2, string name2, ulong index2)
    {
        const int Count = 200_000;
        var first = new RandomStream(seed1, name1, index1);
        var second = new RandomStream(seed2, name2, index2);
        double product = 0;
        var equalWords = 0;
        for (var i = 0; i < Count; i++)
        {
            product += first.NextGaussian() * second.NextGaussian();
            equalWords += first.NextUInt32() == second.NextUInt32() ? 1 : 0;
        }

        // Five standard errors of the mean of a product of two independent normals; one equal word in 2^32 is expected.
        Assert.Equal(0, product / Count, 5 / Math.Sqrt(Count));
        Assert.True(equalWords <= 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void BelowIsEven(int bound)
    {
        const int Count = 300_000;
        var stream = new RandomStream(5, "data");
        var counts = new int[bound];
        for (var i = 0; i < Count; i++)
        {
            counts[stream.NextBelow(bound)]++;
        }

        var probability = 1.0 / bound;
        var tolerance = 5 * Math.Sqrt(Count * probability * (1 - probability));
        Assert.All(counts, count => Assert.True(Math.Abs(count - (Count * probability)) <= tolerance));
    }

    [Fact]
    public void BelowRejectsWhatWouldFavourSomeResults()
    {
        // Of 3·2³⁰, products alone would give every third number twice as often as the others.
        const int Bound = 3 << 29;
        const int Count = 300_000;
        var stream = new RandomStream(5, "data");
        var thirds = new int[3];
        for (var i = 0; i < Count; i++)
        {
            thirds[stream.NextBelow(Bound) % 3]++;
        }

        Assert.All(thirds, count => Assert.Equal(Count / 3.0, count, 5 * Math.Sqrt(Count * 2 / 9.0)));
        Assert.True(stream.Position > Count, "a quarter of the words is rejected at this bound");
    }

    [Fact]
    public void SignsAreEven()
    {
        const int Count = 100_000;
        var stream = new RandomStream(6, "probes");
        var sum = 0;
        for (var i = 0; i < Count; i++)
        {
            var sign = stream.NextSign();
            Assert.True(sign is 1 or -1);
            sum += sign;
        }

        Assert.Equal(0, sum, 5 * Math.Sqrt(Count));
    }

    [Fact]
    public void EveryPermutationOfFourIsEquallyLikely()
    {
        const int Count = 48_000;
        var stream = new RandomStream(8, "data");
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < Count; i++)
        {
            var order = string.Concat(stream.Permutation(4));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        Assert.All(counts.Values, count => Assert.Equal(Count / 24.0, count, 5 * Math.Sqrt(Count / 24.0)));
    }

    [Fact]
    public void APermutationHoldsEveryNumberOnce()
    {
        var order = new RandomStream(9, "data").Permutation(1000);
        Assert.Equal(Enumerable.Range(0, 1000), order.Order());
        Assert.NotEqual(Enumerable.Range(0, 1000), order);
        Assert.Empty(new RandomStream(9, "data").Permutation(0));
    }

    [Fact]
    public void NothingMeaninglessIsTaken()
    {
        Assert.Throws<ArgumentException>(() => new RandomStream(0, ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(0, "data").NextBelow(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(0, "data").Permutation(-1));
    }
}
