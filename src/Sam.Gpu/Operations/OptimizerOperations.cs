using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>The element-wise halves of optimizers: the ascent step of SAM and the step of momentum. P is the number of parameters.</summary>
public static class OptimizerOperations
{
    /// <summary>result = w + ρ g / (‖g‖ + ε), or w where g is zero; the norm is read on the device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">w, [P].</param>
    /// <param name="gradient">g, [P].</param>
    /// <param name="gradientNorm">‖g‖, [1].</param>
    /// <param name="rho">ρ, the length of the step in parameter space.</param>
    /// <param name="epsilon">ε ≥ 0, added to the norm.</param>
    /// <param name="result">The perturbed point, [P].</param>
    public static void AscentStep(
        this Device device, DeviceSpan parameters, DeviceSpan gradient, DeviceSpan gradientNorm, double rho, double epsilon, DeviceSpan result)
    {
        Require.Length(gradient, parameters.Length);
        Require.Length(gradientNorm, 1);
        Require.Length(result, parameters.Length);
        device.Execute(new AscentOperation(parameters, gradient, gradientNorm, rho, epsilon, result));
    }

    /// <summary>v ← β v + g, then w ← w − η (c g + d v).</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">w, [P], updated.</param>
    /// <param name="velocity">v, [P], updated.</param>
    /// <param name="gradient">g, [P].</param>
    /// <param name="stepSize">η.</param>
    /// <param name="momentum">β.</param>
    /// <param name="gradientShare">c.</param>
    /// <param name="velocityShare">d.</param>
    public static void MomentumStep(
        this Device device, DeviceSpan parameters, DeviceSpan velocity, DeviceSpan gradient,
        double stepSize, double momentum, double gradientShare, double velocityShare)
    {
        Require.Length(velocity, parameters.Length);
        Require.Length(gradient, parameters.Length);
        device.Execute(new MomentumOperation(parameters, velocity, gradient, stepSize, momentum, gradientShare, velocityShare));
    }

    private readonly struct AscentOperation(
        DeviceSpan parameters, DeviceSpan gradient, DeviceSpan gradientNorm, double rho, double epsilon, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(
                new AscentStep<B, V>(
                    device.Buffer(parameters), device.Buffer(gradient), device.Buffer(gradientNorm),
                    V.Constant(rho), V.Constant(epsilon), device.Buffer(result)),
                parameters.Length);
    }

    private readonly struct MomentumOperation(
        DeviceSpan parameters, DeviceSpan velocity, DeviceSpan gradient,
        double stepSize, double momentum, double gradientShare, double velocityShare) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(
                new MomentumStep<B, V>(
                    device.Buffer(parameters), device.Buffer(velocity), device.Buffer(gradient),
                    V.Constant(stepSize), V.Constant(momentum), V.Constant(gradientShare), V.Constant(velocityShare)),
                parameters.Length);
    }
}
