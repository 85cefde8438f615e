using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>The steps of Adam and RMSProp, and the diagonal that they divide by. P is the number of parameters.</summary>
public static class AdaptiveOperations
{
    /// <summary>m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², then w ← w − η m / (√v c + ε).</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">w, [P], updated.</param>
    /// <param name="first">m, [P], updated.</param>
    /// <param name="second">v, [P], updated.</param>
    /// <param name="gradient">g, [P].</param>
    /// <param name="beta1">β₁.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="stepSize">η, with what corrects the bias of m.</param>
    /// <param name="rootScale">c, which corrects the bias of v.</param>
    /// <param name="epsilon">ε.</param>
    public static void AdamStep(
        this Device device, DeviceSpan parameters, DeviceSpan first, DeviceSpan second, DeviceSpan gradient,
        double beta1, double beta2, double stepSize, double rootScale, double epsilon)
    {
        Require.Length(first, parameters.Length);
        Require.Length(second, parameters.Length);
        Require.Length(gradient, parameters.Length);
        device.Execute(new AdamStepOperation(parameters, first, second, gradient, beta1, beta2, stepSize, rootScale, epsilon));
    }

    /// <summary>v ← β v + (1 − β) g², then w ← w − η g / (√v c + ε).</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">w, [P], updated.</param>
    /// <param name="second">v, [P], updated.</param>
    /// <param name="gradient">g, [P].</param>
    /// <param name="beta">β.</param>
    /// <param name="stepSize">η.</param>
    /// <param name="rootScale">c, which corrects the bias of v, or 1.</param>
    /// <param name="epsilon">ε.</param>
    public static void RmsPropStep(
        this Device device, DeviceSpan parameters, DeviceSpan second, DeviceSpan gradient,
        double beta, double stepSize, double rootScale, double epsilon)
    {
        Require.Length(second, parameters.Length);
        Require.Length(gradient, parameters.Length);
        device.Execute(new RmsPropStepOperation(parameters, second, gradient, beta, stepSize, rootScale, epsilon));
    }

    /// <summary>result = √(β v + (1 − β) g²) c + ε: what either step divides by; v stays as it is.</summary>
    /// <param name="device">The device.</param>
    /// <param name="second">v, [P].</param>
    /// <param name="gradient">g, [P].</param>
    /// <param name="beta">β.</param>
    /// <param name="rootScale">c.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="result">[P].</param>
    public static void AdaptivePreconditioner(
        this Device device, DeviceSpan second, DeviceSpan gradient, double beta, double rootScale, double epsilon, DeviceSpan result)
    {
        Require.Length(gradient, second.Length);
        Require.Length(result, second.Length);
        device.Execute(new AdaptivePreconditionerOperation(second, gradient, beta, rootScale, epsilon, result));
    }

    private readonly struct AdamStepOperation(
        DeviceSpan parameters, DeviceSpan first, DeviceSpan second, DeviceSpan gradient,
        double beta1, double beta2, double stepSize, double rootScale, double epsilon) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(
                new AdamStep<B, V>(
                    device.Buffer(parameters), device.Buffer(first), device.Buffer(second), device.Buffer(gradient), V.Constant(beta1),
                    V.Constant(1 - beta1), V.Constant(beta2), V.Constant(1 - beta2), V.Constant(stepSize), V.Constant(rootScale),
                    V.Constant(epsilon)),
                parameters.Length);
    }

    private readonly struct RmsPropStepOperation(
        DeviceSpan parameters, DeviceSpan second, DeviceSpan gradient,
        double beta, double stepSize, double rootScale, double epsilon) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(
                new RmsPropStep<B, V>(
                    device.Buffer(parameters), device.Buffer(second), device.Buffer(gradient), V.Constant(beta), V.Constant(1 - beta),
                    V.Constant(stepSize), V.Constant(rootScale), V.Constant(epsilon)),
                parameters.Length);
    }

    private readonly struct AdaptivePreconditionerOperation(
        DeviceSpan second, DeviceSpan gradient, double beta, double rootScale, double epsilon, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(
                new AdaptivePreconditioner<B, V>(
                    device.Buffer(second), device.Buffer(gradient), V.Constant(beta), V.Constant(1 - beta), V.Constant(rootScale),
                    V.Constant(epsilon), device.Buffer(result)),
                second.Length);
    }
}
