using System.Reflection;
using ILGPU.Runtime;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Xunit;

namespace Sam.Gpu.Ilgpu.Tests;

/// <summary>Every kernel of the library with everything that it can be generic over: what a device may be asked to compile.</summary>
/// <remarks>
/// Found by reflection, so that no kernel is forgotten: a lane and a buffer of the device, and for any other parameter each type of the
/// kernels' assembly that fits.
/// </remarks>
internal static class KernelInstantiations
{
    private static readonly Type[] Types = typeof(IElementKernel).Assembly.GetTypes();

    /// <summary>The lanes that GPUs compute with.</summary>
    public static IReadOnlyList<Type> Lanes => [typeof(Float1), typeof(Double1)];

    /// <summary>All instantiations over a lane.</summary>
    /// <param name="lane">One of <see cref="Lanes"/>.</param>
    public static IReadOnlyList<Type> Over(Type lane) => [.. Types.Where(IsKernel).SelectMany(kernel => Close(kernel, lane)).OrderBy(Name, StringComparer.Ordinal)];

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

        string name = Implements(kernel, typeof(ITileKernel<>)) ? nameof(KernelEntry.Tiles)
            : usesShuffles ? nameof(KernelEntry.ShuffleRows) : nameof(KernelEntry.SharedRows);
        return Find(name).MakeGenericMethod(kernel, lane);
    }

    /// <summary>What the device tells the compiler of a kernel besides its code.</summary>
    /// <param name="entry">The method that is compiled.</param>
    public static KernelSpecialization Specialization(MethodInfo entry) => entry.Name != nameof(KernelEntry.Tiles)
        ? default
        : KernelEntry.TileSpecialization((int)entry.GetGenericArguments()[0].GetProperty(nameof(ITileKernel<Float1>.TeamSize))!.GetValue(null)!);

    private static bool IsKernel(Type type) =>
        type.IsValueType && (typeof(IElementKernel).IsAssignableFrom(type) || Implements(type, typeof(IRowKernel<>)) || Implements(type, typeof(ITileKernel<>)));

    private static bool Implements(Type type, Type definition) =>
        type.GetInterfaces().Any(known => known.IsGenericType && known.GetGenericTypeDefinition() == definition);

    private static IEnumerable<Type> Close(Type kernel, Type lane)
    {
        IEnumerable<Type[]> choices = [[]];
        foreach (var parameter in kernel.GetGenericArguments())
        {
            var candidates = Candidates(parameter, lane).ToList();
            Assert.True(candidates.Count > 0, $"{kernel.Name}: nothing fits {parameter.Name}.");
            choices = choices.SelectMany(choice => candidates, (choice, next) => (Type[])[.. choice, next]);
        }

        return choices.ToList().Select(choice => choice.Length == 0 ? kernel : kernel.MakeGenericType(choice));
    }

    private static IEnumerable<Type> Candidates(Type parameter, Type lane)
    {
        var constraints = parameter.GetGenericParameterConstraints().Where(constraint => constraint.IsInterface).ToList();
        bool Is(Type definition) => constraints.Any(constraint => constraint.IsGenericType && constraint.GetGenericTypeDefinition() == definition);
        return Is(typeof(ILane<>)) ? [lane]
            : Is(typeof(IBuffer<>)) ? [typeof(ViewBuffer<>).MakeGenericType(lane)]
            : Types.Where(type => type.IsValueType && !type.IsGenericType && constraints.All(constraint => constraint.IsAssignableFrom(type)));
    }
}
