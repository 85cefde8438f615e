namespace Sam.Gpu.TestSupport;

/// <summary>What the emulated device remembers of one number: enough to find every data race on it.</summary>
/// <remarks>
/// One write and one read are enough, with two flags. An access that is ordered after the remembered write is ordered after all the
/// writes before that one, because order within a launch means the same group and an earlier epoch. Of the reads, those of the last
/// epoch of a group matter, and whether they came from more than one rank; as soon as two groups have read, every later write races.
/// </remarks>
internal struct ElementShadow
{
    private MemoryAccess write;
    private MemoryAccess read;
    private bool isReadByRanks;
    private bool isReadByGroups;

    /// <summary>Whether the number was ever written.</summary>
    public readonly bool IsWritten => write.Operation != 0;

    /// <summary>Remembers a read.</summary>
    /// <param name="now">The read.</param>
    /// <param name="race">The earlier write that it races with, if the result is false.</param>
    /// <returns>Whether the read is ordered after the last write.</returns>
    public bool TryRead(in MemoryAccess now, out MemoryAccess race)
    {
        race = write;
        if (!write.IsOrderedBefore(now))
        {
            return false;
        }

        if (read.Operation != now.Operation)
        {
            read = now;
            isReadByRanks = isReadByGroups = false;
        }
        else if (read.Group != now.Group)
        {
            isReadByGroups = true;
        }
        else if (read.Epoch != now.Epoch)
        {
            read = now;
            isReadByRanks = false;
        }
        else if (read.Rank != now.Rank)
        {
            isReadByRanks = true;
        }

        return true;
    }

    /// <summary>Remembers a write.</summary>
    /// <param name="now">The write.</param>
    /// <param name="race">The earlier access that it races with, if the result is false.</param>
    /// <param name="isRaceWithWrite">Whether that access was a write.</param>
    /// <returns>Whether the write is ordered after every earlier access.</returns>
    public bool TryWrite(in MemoryAccess now, out MemoryAccess race, out bool isRaceWithWrite)
    {
        race = write;
        isRaceWithWrite = true;
        if (!write.IsOrderedBefore(now))
        {
            return false;
        }

        race = read;
        isRaceWithWrite = false;
        bool isOtherReader = isReadByGroups || (isReadByRanks && read.Epoch == now.Epoch);
        if (!read.IsOrderedBefore(now) || (read.Operation == now.Operation && isOtherReader))
        {
            return false;
        }

        write = now;
        return true;
    }
}
