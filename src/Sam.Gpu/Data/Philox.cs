namespace Sam.Gpu.Data;

/// <summary>The counter-based generator Philox4x32-10: a keyed bijection of 128-bit counters that passes for random.</summary>
/// <remarks>Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.</remarks>
internal static class Philox
{
    /// <summary>Words in a counter and in a block.</summary>
    public const int BlockSize = 4;

    private const int Rounds = 10;

    /// <summary>Writes the block of four random words that belongs to a counter and a key, least significant word first.</summary>
    public static void WriteBlock(ulong counterLow, ulong counterHigh, ulong key, Span<uint> block)
    {
        var word0 = (uint)counterLow;
        var word1 = (uint)(counterLow >> 32);
        var word2 = (uint)counterHigh;
        var word3 = (uint)(counterHigh >> 32);
        var key0 = (uint)key;
        var key1 = (uint)(key >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = 0xD2511F53UL * word0;
            var product1 = 0xCD9E8D57UL * word2;
            word0 = (uint)(product1 >> 32) ^ word1 ^ key0;
            word1 = (uint)product1;
            word2 = (uint)(product0 >> 32) ^ word3 ^ key1;
            word3 = (uint)product0;

            // Weyl sequences of the golden ratio and of the square root of 3, less 1.
            key0 += 0x9E3779B9;
            key1 += 0xBB67AE85;
        }

        block[0] = word0;
        block[1] = word1;
        block[2] = word2;
        block[3] = word3;
    }
}
