using System.Reflection;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.TestSupport;

/// <summary>Finds the kernels of an assembly and closes their generic types, so that a test over all kernels forgets none.</summary>
public static class KernelInstances
{
    private static readonly Type[] KernelInterfaces = [typeof(IElementKernel), typeof(IRowKernel<>), typeof(ITileKernel<>)];

    /// <summary>The kernels, their generic parameters open.</summary>
    /// <param name="assembly">The assembly.</param>
    public static IEnumerable<Type> Find(Assembly assembly) =>
        assembly.GetTypes().Where(type => type.IsValueType && InterfacesOf(type).Any()).OrderBy(type => type.FullName, StringComparer.Ordinal);

    /// <summary>The interfaces by which a type is a kernel; none where it is not.</summary>
    /// <param name="type">The type.</param>
    public static IEnumerable<Type> InterfacesOf(Type type) =>
        type.GetInterfaces().Where(implemented => KernelInterfaces.Contains(Definition(implemented)));

    /// <summary>A kernel for every choice of what it is generic over besides buffer and lane, such as its activation function.</summary>
    /// <param name="kernel">One of <see cref="Find"/>.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="buffer">The buffer, generic over the lane.</param>
    /// <exception cref="InvalidOperationException">Nothing fits one of its generic parameters.</exception>
    public static IEnumerable<Type> Close(Type kernel, Type lane, Type buffer)
    {
        if (!kernel.IsGenericTypeDefinition)
        {
            return [kernel];
        }

        IEnumerable<Type[]> choices = [[]];
        foreach (var parameter in kernel.GetGenericArguments())
        {
            var candidates = Candidates(parameter, lane, buffer);
            if (candidates.Length == 0)
            {
                throw new InvalidOperationException($"{kernel.Name}: nothing fits {parameter.Name}.");
            }

            choices = [.. choices.SelectMany(choice => candidates, (choice, next) => (Type[])[.. choice, next])];
        }

        return choices.Select(choice => kernel.MakeGenericType(choice));
    }

    private static Type[] Candidates(Type parameter, Type lane, Type buffer)
    {
        Type[] constraints = [.. parameter.GetGenericParameterConstraints().Where(type => type.IsInterface).Select(Definition)];
        return constraints switch
        {
            _ when constraints.Any(type => type == typeof(ILane<>) || type == typeof(IHostLane<>)) => [lane],
            _ when constraints.Contains(typeof(IBuffer<>)) => [buffer.MakeGenericType(lane)],
            _ => [.. parameter.Module.Assembly.GetTypes()
                .Where(type => type is { IsValueType: true, IsGenericTypeDefinition: false }
                    && constraints.All(constraint => type.GetInterfaces().Select(Definition).Contains(constraint)))],
        };
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;
}
