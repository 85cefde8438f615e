namespace Sam.Gpu.Checks;

/// <summary>What a check found.</summary>
public enum CheckVerdict
{
    /// <summary>Every number is within the bound.</summary>
    Passed,

    /// <summary>Some are not, but the standard that the device keeps to allows it; <see cref="CheckRow.Note"/> says what.</summary>
    Tolerated,

    /// <summary>A number is out of bounds.</summary>
    Failed,
}
