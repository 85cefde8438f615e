using System.Reflection;
using ILGPU.Runtime;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.TestSupport;

namespace Sam.Gpu.Ilgpu.Tests;

/// <summary>Every kernel of the library with everything that it can be generic over: what a device may be asked to compile.</summary>
/// <remarks>
/// Found by reflection, so that no kernel is forgotten: a lane and a buffer of the device, and for any other parameter each type of the
/// kernels' assembly that fits.
/// </remarks>
internal static class KernelInstantiations
{
    /// <summary>The lanes that GPUs compute with.</summary>
    public static IReadOnlyList<Type> Lanes => [typeof(Float1), typeof(Double1)];

    /// <summary>All instantiations over a lane.</summary>
    /// <param name="lane">One of <see cref="Lanes"/>.</param>
    public static IReadOnlyList<Type> Over(Type lane) =>
    [
        .. KernelInstances.Find(typeof(IElementKernel).Assembly)
            .SelectMany(kernel => KernelInstances.Close(kernel, lane, typeof(ViewBuffer<>))).OrderBy(Name, StringComparer.Ordinal),
    ];

    /// <summary>The name of an instantiation: the kernel, and what it is generic over besides lane and buffer.</summary>
    /// <param name="kernel">The instantiation.</param>
    public static string Name(Type kernel)
    {
        var rest = kernel.GetGenericArguments().Where(argument => !argument.IsGenericType && !Lanes.Contains(argument)).Select(argument => argument.Name);
        return string.Join(' ', rest.Prepend(kernel.Name.Split('`')[0]));
    }

    /// <summary>The method that ILGPU compiles for an instantiation.</summary>
    /// <param name="kernel">The instantiation.</param>
    /// <param name="lane">Its lane.</param>
    /// <param name="usesShuffles">Whether the device has warp shuffles.</param>
    public static MethodInfo Entry(Type kernel, Type lane, bool usesShuffles)
    {
        MethodInfo Find(string name) => typeof(KernelEntry).GetMethod(name)!;
        if (typeof(IElementKernel).IsAssignableFrom(kernel))
        {
            return Find(nameof(KernelEntry.Elements)).MakeGenericMethod(kernel);
        }

        string name = kernel.GetInterfaces().Contains(typeof(ITileKernel<>).MakeGenericType(lane)) ? nameof(KernelEntry.Tiles)
            : usesShuffles ? nameof(KernelEntry.ShuffleRows) : nameof(KernelEntry.SharedRows);
        return Find(name).MakeGenericMethod(kernel, lane);
    }

    /// <summary>What the device tells the compiler of a kernel besides its code.</summary>
    /// <param name="entry">The method that is compiled.</param>
    public static KernelSpecialization Specialization(MethodInfo entry) => entry.Name != nameof(KernelEntry.Tiles)
        ? default
        : KernelEntry.TileSpecialization((int)entry.GetGenericArguments()[0].GetProperty(nameof(ITileKernel<Float1>.TeamSize))!.GetValue(null)!);
}
