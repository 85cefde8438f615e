using Sam.Gpu.Devices;

namespace Sam.Gpu.Optimizers;

/// <summary>The gradient that a base step takes, with the numbers of the point where it was taken, all on the device. A value.</summary>
/// <param name="Gradient">[P]; the base step may overwrite it.</param>
/// <param name="Norm">Its norm, [1].</param>
/// <param name="Loss">The loss at its point, [1].</param>
public readonly record struct StepGradient(DeviceSpan Gradient, DeviceSpan Norm, DeviceSpan Loss);
