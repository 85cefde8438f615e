namespace Sam.Gpu.Data;

/// <summary>What the runtime throws where the system does not take a file: all that is the disk's or the user's, not the program's.</summary>
internal static class DiskFailure
{
    /// <summary>Whether an exception is one.</summary>
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException || IsTooLarge(exception);

    /// <summary>What happened, without a full stop at its end.</summary>
    public static string Describe(Exception exception) =>
        IsTooLarge(exception) ? "the file would be larger than a quota or the file system allows" : exception.Message.TrimEnd('.');

    // A write beyond the largest size (EFBIG) ends in this exception, which has no type or number of its own.
    private static bool IsTooLarge(Exception exception) => exception is ArgumentOutOfRangeException { ParamName: "value", ActualValue: null };
}
