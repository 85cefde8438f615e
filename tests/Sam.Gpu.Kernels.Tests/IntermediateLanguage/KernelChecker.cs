using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.TestSupport;

namespace Sam.Gpu.Kernels.Tests.IntermediateLanguage;

/// <summary>
/// Reads the intermediate language of a kernel and of everything that it calls, as a GPU's compiler would, and lists what such a compiler
/// refuses: exceptions, references, statics, virtual calls, recursion, and binary64 in kernels of binary32.
/// </summary>
internal sealed class KernelChecker
{
    private readonly string name;
    private readonly Type lane;
    private readonly Assembly[] own;
    private readonly HashSet<MethodBase> done = [];
    private readonly Stack<MethodBase> path = new();
    private readonly List<KernelFault> faults = [];

    private KernelChecker(Type kernel, Type lane)
    {
        name = $"{Describe(kernel)} over {lane.Name}";
        this.lane = lane;
        own = [kernel.Assembly, typeof(IElementKernel).Assembly];
    }

    /// <summary>What is wrong with a kernel; empty if nothing is.</summary>
    /// <param name="kernel">The kernel, its generic parameters closed over the lane.</param>
    /// <param name="lane">The lane, of one number.</param>
    public static IReadOnlyList<KernelFault> Check(Type kernel, Type lane)
    {
        var checker = new KernelChecker(kernel, lane);
        checker.CheckFields(kernel);
        foreach (var entry in Entries(kernel, lane))
        {
            checker.Walk(entry);
        }

        return checker.faults;
    }

    // The methods at which a device enters a kernel: Run, and the constants of a tile kernel.
    private static IEnumerable<MethodInfo> Entries(Type kernel, Type lane) => KernelInstances.InterfacesOf(kernel)
        .SelectMany(type => kernel.GetInterfaceMap(type).TargetMethods)
        .Select(method => method.IsGenericMethodDefinition ? method.MakeGenericMethod(typeof(DeviceTeam<>).MakeGenericType(lane)) : method);

    private static string Describe(Type kernel)
    {
        var choices = kernel.GetGenericArguments().Where(type => type.Assembly != typeof(KernelChecker).Assembly && !IsLane(type));
        return string.Join(" with ", [ShortName(kernel), .. choices.Select(type => type.Name)]);
    }

    private static bool IsLane(Type type) => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ILane<>));

    private static string ShortName(Type type) => type.Name.Split('`')[0];

    private static string Name(MethodBase method) => $"{ShortName(method.DeclaringType!)}.{method.Name}";

    private void CheckFields(Type holder)
    {
        foreach (var field in holder.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            // The compiler calls the field of a captured constructor parameter <name>P.
            string found = $"its field {field.Name.Split('<', '>').First(part => part.Length > 0)} is a {field.FieldType.Name}";
            if (ContainsReferences(field.FieldType))
            {
                faults.Add(new(name, ShortName(holder), 0, found, "A GPU has no references: capture numbers and buffers"));
            }
            else if (field.FieldType == typeof(bool) || field.FieldType == typeof(char))
            {
                faults.Add(new(name, ShortName(holder), 0, found, "Its size differs between host and device: use an int"));
            }
            else if (field.FieldType is { IsValueType: true, IsPrimitive: false } && own.Contains(field.FieldType.Assembly))
            {
                CheckFields(field.FieldType);
            }
        }
    }

    private void Walk(MethodBase method)
    {
        if (path.Contains(method))
        {
            Add(path.Peek(), 0, $"it calls {Name(method)}, which has called it", "A GPU has no stack to recurse on: use a loop");
            return;
        }

        if (!done.Add(method))
        {
            return;
        }

        path.Push(method);
        CheckBody(method);
        path.Pop();
    }

    private void CheckBody(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
        {
            Add(method, 0, "it has no body of intermediate language", "Write it in C# over lanes");
            return;
        }

        if (body.ExceptionHandlingClauses.Count > 0)
        {
            Add(method, body.ExceptionHandlingClauses[0].TryOffset, "it has a try, using or lock block", "A GPU has no exceptions: leave it out");
        }

        var reference = body.LocalVariables.FirstOrDefault(local => ContainsReferences(local.LocalType));
        if (reference is not null)
        {
            Add(method, 0, $"it has a local variable of type {reference.LocalType.Name}", "A GPU has no references: use structs and numbers");
        }

        var instructions = Instruction.Read(method);
        Type? constraint = null;
        foreach (var instruction in instructions)
        {
            if (instruction.Code == OpCodes.Constrained)
            {
                constraint = (Type)instruction.Operand!;
                continue;
            }

            if (InstructionRules.Check(instruction) is { } wrong)
            {
                Add(method, instruction.Offset, wrong.Found, wrong.Cure);
            }
            else if (instruction.Operand is MethodBase called)
            {
                CheckCall(method, instruction, called, constraint);
            }

            constraint = null;
        }

        if (lane == typeof(Float1))
        {
            foreach (var (offset, found) in new DoubleFlow(method, body, instructions).Find())
            {
                Add(method, offset, found, "Many GPUs compute binary64 slowly or not at all: compute in V, with literals through V.Constant");
            }
        }
    }

    private void CheckCall(MethodBase caller, Instruction instruction, MethodBase called, Type? constraint)
    {
        if (constraint is { IsValueType: true } && called.DeclaringType!.IsInterface)
        {
            called = Implementation(constraint, (MethodInfo)called);
        }
        else if (instruction.Code == OpCodes.Callvirt)
        {
            Add(caller, instruction.Offset, $"it calls {Name(called)} virtually", "A GPU has no virtual calls: make the kernel generic over a struct");
            return;
        }

        if (called.DeclaringType == typeof(DeviceBuffer<>).MakeGenericType(lane) || called.DeclaringType == typeof(DeviceTeam<>).MakeGenericType(lane)
            || InstructionRules.Allows(called))
        {
            return;
        }

        if (!own.Contains(called.Module.Assembly))
        {
            Add(
                caller, instruction.Offset, $"it calls {called.DeclaringType?.FullName}.{called.Name}, which not every device has",
                "Write it over lanes, or allow it in InstructionRules with the proof that ILGPU compiles it for CUDA and OpenCL");
            return;
        }

        Walk(called);
    }

    private static MethodInfo Implementation(Type type, MethodInfo declared)
    {
        var definition = declared.IsGenericMethod ? declared.GetGenericMethodDefinition() : declared;
        var map = type.GetInterfaceMap(declared.DeclaringType!);
        var found = map.TargetMethods[Array.FindIndex(map.InterfaceMethods, method => method == definition)];
        return declared.IsGenericMethod ? found.MakeGenericMethod(declared.GetGenericArguments()) : found;
    }

    private static bool ContainsReferences(Type type) => type switch
    {
        { IsPointer: true } or { IsByRef: true } => ContainsReferences(type.GetElementType()!),
        { IsByRefLike: true } => true,
        _ when type == typeof(void) || type.IsFunctionPointer => false,
        _ => (bool)typeof(RuntimeHelpers).GetMethod(nameof(RuntimeHelpers.IsReferenceOrContainsReferences))!.MakeGenericMethod(type).Invoke(null, null)!,
    };

    private void Add(MethodBase method, int offset, string found, string cure) => faults.Add(new(name, Name(method), offset, found, cure));
}
