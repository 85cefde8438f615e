using Sam.Gpu.Checks;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Checks;

/// <summary>No kernel is left out of the check of a device.</summary>
public sealed class CheckedKernelsTests
{
    private static readonly Type[] RowAndTileKernels = [typeof(IRowKernel<>), typeof(ITileKernel<>)];

    private static readonly Type[] Types = typeof(IElementKernel).Assembly.GetTypes();

    [Fact]
    public void The_check_launches_every_kernel_with_everything_that_it_can_be_generic_over()
    {
        using var device = new RecordingDevice();
        DeviceCheck.Run(device, new CheckOptions { IsThorough = false });

        string[] missing = [.. Types.Where(IsKernel).SelectMany(Close).Except(device.Kernels).Select(kernel => $"{kernel}")];

        Assert.True(missing.Length == 0, $"DeviceCheck does not run: {string.Join(", ", missing)}");
        Assert.NotEmpty(device.Kernels);
    }

    private static bool IsKernel(Type type) =>
        type.IsValueType && type.GetInterfaces().Any(
            known => known == typeof(IElementKernel)
                || (known.IsGenericType && RowAndTileKernels.Contains(known.GetGenericTypeDefinition())));

    private static IEnumerable<Type> Close(Type kernel)
    {
        IEnumerable<Type[]> choices = [[]];
        foreach (var parameter in kernel.GetGenericArguments())
        {
            var candidates = Candidates(parameter);
            choices = choices.SelectMany(choice => candidates, (choice, next) => (Type[])[.. choice, next]);
        }

        return choices.ToList().Select(choice => kernel.MakeGenericType(choice));
    }

    private static Type[] Candidates(Type parameter)
    {
        var constraints = parameter.GetGenericParameterConstraints().Where(constraint => constraint.IsInterface).ToList();
        bool Is(Type definition) =>
            constraints.Any(constraint => constraint.IsGenericType && constraint.GetGenericTypeDefinition() == definition);
        return Is(typeof(ILane<>)) ? [typeof(Float1)]
            : Is(typeof(IBuffer<>)) ? [typeof(HostBuffer<Float1>)]
            : [.. Types.Where(type => type.IsValueType && !type.IsGenericType && constraints.TrueForAll(known => known.IsAssignableFrom(type)))];
    }
}
