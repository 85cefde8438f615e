namespace Sam.Gpu.Devices;

/// <summary>What devices that have only our own matrix products say to those who ask for others.</summary>
public static class MatrixProductRequest
{
    /// <summary>Throws where the vendor's products, or a precision that only they have, are asked for.</summary>
    /// <param name="description">The device.</param>
    /// <param name="options">What is asked for.</param>
    /// <exception cref="DeviceException">The device has not what is asked for.</exception>
    public static void RefuseVendor(DeviceDescription description, DeviceOptions options)
    {
        if (options.Products == MatrixProducts.Vendor)
        {
            throw new DeviceException($"--matmul vendor: {description.Id} has no matrix products of its vendor; only CUDA devices do. Use --matmul portable.");
        }

        if (options.AllowsTf32)
        {
            throw new DeviceException(
                $"--matmul-precision tf32: {description.Id} does not compute in tf32; only cuBLAS on CUDA does. Use --matmul-precision fp32.");
        }
    }
}
