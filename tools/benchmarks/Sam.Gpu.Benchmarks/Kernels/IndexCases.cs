using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>Rows taken and put by their indices, in a random order: inputs of chosen examples, and outputs that are kept.</summary>
internal static class IndexCases
{
    private const int Examples = 5000;
    private const int Inputs = 784;
    private const int Outputs = 10;

    /// <summary>The cases of a precision.</summary>
    /// <param name="precision">The precision.</param>
    public static IEnumerable<Case> All(Precision precision) =>
    [
        Pass(precision, "gather rows", Inputs, (device, x, indices, result) => device.GatherRows(x, indices, Inputs, result)),
        Pass(precision, "gather rows", Outputs, (device, x, indices, result) => device.GatherRows(x, indices, Outputs, result)),
        Pass(precision, "scatter rows", Outputs, (device, x, indices, result) => device.ScatterRows(x, indices, Outputs, result)),
    ];

    private static Case Pass(Precision precision, string name, int columns, Action<Device, DeviceSpan, DeviceSpan, DeviceSpan> call) =>
        Case.Pass(
            FormattableString.Invariant($"{name}, {Examples}×{columns}"), precision, Examples + (2L * Examples * columns), o =>
            {
                var indices = o.Permutation(Examples);
                return o.Call(2, Examples * columns, v => call(o.Device, v[0], indices, v[1]));
            });
}
