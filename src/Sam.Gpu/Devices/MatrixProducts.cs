namespace Sam.Gpu.Devices;

/// <summary>Whose matrix products a device uses.</summary>
public enum MatrixProducts
{
    /// <summary>The vendor's where they are installed, else our own.</summary>
    Auto,

    /// <summary>Our own: packed panels on a CPU, tiles in shared memory on a GPU.</summary>
    Portable,

    /// <summary>The vendor's: cuBLAS on CUDA.</summary>
    Vendor,
}
