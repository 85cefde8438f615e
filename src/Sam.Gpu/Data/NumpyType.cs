namespace Sam.Gpu.Data;

/// <summary>The number types of NumPy that are read and written.</summary>
public enum NumpyType
{
    /// <summary>numpy.float32, 4 bytes.</summary>
    Float32,

    /// <summary>numpy.float64, 8 bytes.</summary>
    Float64,

    /// <summary>numpy.int32, 4 bytes.</summary>
    Int32,

    /// <summary>numpy.int64, 8 bytes.</summary>
    Int64,

    /// <summary>numpy.uint8, 1 byte.</summary>
    UInt8,
}
