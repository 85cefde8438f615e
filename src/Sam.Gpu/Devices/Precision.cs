namespace Sam.Gpu.Devices;

/// <summary>The numbers that a device computes with.</summary>
public enum Precision
{
    /// <summary>IEEE binary32, the default.</summary>
    Float,

    /// <summary>IEEE binary64: the same kernels over another lane, the reference for binary32.</summary>
    Double,
}
