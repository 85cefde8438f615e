using System.Reflection;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Kernels.Tests.IntermediateLanguage;

/// <summary>Finds the kernels of an assembly and closes their generic types for a device with lanes of one number.</summary>
internal static class KernelInstances
{
    private static readonly Type[] KernelInterfaces = [typeof(IElementKernel), typeof(IRowKernel<>), typeof(ITileKernel<>)];

    /// <summary>The kernels, their generic parameters open.</summary>
    public static IEnumerable<Type> Find(Assembly assembly) =>
        assembly.GetTypes().Where(type => type.IsValueType && KernelInterfacesOf(type).Any()).OrderBy(type => type.FullName, StringComparer.Ordinal);

    /// <summary>The kernel for every choice of what it is generic over besides buffer and lane, such as its activation function.</summary>
    public static IEnumerable<Type> Close(Type kernel, Type lane)
    {
        if (!kernel.IsGenericTypeDefinition)
        {
            return [kernel];
        }

        IEnumerable<Type[]> choices = [[]];
        foreach (var parameter in kernel.GetGenericArguments())
        {
            var candidates = Candidates(parameter, lane);
            choices = [.. choices.SelectMany(choice => candidates.Select(candidate => (Type[])[.. choice, candidate]))];
        }

        return choices.Select(choice => kernel.MakeGenericType(choice));
    }

    /// <summary>The methods at which a device enters a kernel: Run, and the constants of a tile kernel.</summary>
    public static IEnumerable<MethodInfo> Entries(Type kernel, Type lane) => KernelInterfacesOf(kernel)
        .SelectMany(type => kernel.GetInterfaceMap(type).TargetMethods)
        .Select(method => method.IsGenericMethodDefinition ? method.MakeGenericMethod(typeof(DeviceTeam<>).MakeGenericType(lane)) : method);

    private static IEnumerable<Type> KernelInterfacesOf(Type type) => type.GetInterfaces()
        .Where(implemented => KernelInterfaces.Contains(Definition(implemented)));

    private static Type[] Candidates(Type parameter, Type lane)
    {
        Type[] constraints = [.. parameter.GetGenericParameterConstraints().Where(type => type.IsInterface).Select(Definition)];
        return constraints switch
        {
            _ when constraints.Any(type => type == typeof(ILane<>) || type == typeof(IHostLane<>)) => [lane],
            _ when constraints.Contains(typeof(IBuffer<>)) => [typeof(DeviceBuffer<>).MakeGenericType(lane)],
            _ when constraints.Any(type => type == typeof(ITeam<>) || type == typeof(ITileTeam<>)) => [typeof(DeviceTeam<>).MakeGenericType(lane)],
            _ => [.. parameter.Module.Assembly.GetTypes()
                .Where(type => type is { IsValueType: true, IsGenericTypeDefinition: false }
                    && constraints.All(constraint => type.GetInterfaces().Select(Definition).Contains(constraint)))],
        };
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;
}
