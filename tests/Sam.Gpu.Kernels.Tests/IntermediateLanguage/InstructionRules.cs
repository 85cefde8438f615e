using System.Reflection;

namespace Sam.Gpu.Kernels.Tests.IntermediateLanguage;

/// <summary>What a single instruction of a kernel may be: what ILGPU compiles, and what runs without a heap.</summary>
internal static class InstructionRules
{
    private const string UseStructs = "A GPU has no heap: use readonly structs and buffers";
    private const string UseSelection = "A GPU has no exceptions: check operands in the operation, and select instead of failing";
    private const string UseFields = "A GPU has no statics: capture it as a field of the kernel, or make it a const";
    private const string UseGenerics = "A GPU has no pointers to functions: make the kernel generic over a struct";

    private static readonly Dictionary<string, (string Found, string Cure)> Banned = new()
    {
        ["newarr"] = ("it makes an array", UseStructs),
        ["ldlen"] = ("it uses an array", UseStructs),
        ["box"] = ("it boxes a value", UseStructs),
        ["unbox"] = ("it unboxes a value", UseStructs),
        ["unbox.any"] = ("it unboxes a value", UseStructs),
        ["ldnull"] = ("it uses null", UseStructs),
        ["ldstr"] = ("it uses a string", UseStructs),
        ["castclass"] = ("it casts a reference", UseStructs),
        ["isinst"] = ("it asks for the type of a reference", UseStructs),
        ["ldtoken"] = ("it asks for a type at run time", UseStructs),
        ["localloc"] = ("it allocates on the stack", "A thread of a GPU has registers: use locals, or the memory of a team"),
        ["throw"] = ("it throws", UseSelection),
        ["rethrow"] = ("it throws", UseSelection),
        ["ldsfld"] = ("it reads a static field", UseFields),
        ["ldsflda"] = ("it takes the address of a static field", UseFields),
        ["stsfld"] = ("it writes a static field", UseFields),
        ["ldftn"] = ("it takes the address of a function", UseGenerics),
        ["ldvirtftn"] = ("it takes the address of a function", UseGenerics),
        ["calli"] = ("it calls through a pointer", UseGenerics),
    };

    private static readonly string[] Allowed =
    [
        // One instruction on every device, that clears the sign bit.
        "MathF.Abs(Single)", "Math.Abs(Double)",

        // Correctly rounded on every device, by IEEE 754: the elementary functions stand on them.
        "MathF.Sqrt(Single)", "Math.Sqrt(Double)",
        "MathF.FusedMultiplyAdd(Single, Single, Single)", "Math.FusedMultiplyAdd(Double, Double, Double)",

        // To the nearest integer, ties to even: cvt.rni in PTX, rint in OpenCL C.
        "MathF.Round(Single)", "Math.Round(Double)",

        // The bits of a number: no instruction, or a move between registers.
        "BitConverter.SingleToInt32Bits(Single)", "BitConverter.Int32BitsToSingle(Int32)",
        "BitConverter.DoubleToInt64Bits(Double)", "BitConverter.Int64BitsToDouble(Int64)",
    ];

    /// <summary>What is wrong with an instruction by itself; null if nothing is.</summary>
    public static (string Found, string Cure)? Check(Instruction instruction)
    {
        string code = instruction.Code.Name!;
        if (Banned.TryGetValue(code, out var banned))
        {
            return banned;
        }

        return instruction switch
        {
            _ when code.StartsWith("ldelem", StringComparison.Ordinal) || code.StartsWith("stelem", StringComparison.Ordinal) =>
                ("it uses an array", UseStructs),
            _ when code.Contains(".ovf", StringComparison.Ordinal) => ("its arithmetic is checked and may throw", UseSelection),
            { Code.Name: "newobj", Operand: MethodBase { DeclaringType: { IsValueType: false } made } } => ($"it makes an object of {made.Name}", UseStructs),
            _ => null,
        };
    }

    /// <summary>Whether a method of the base library may be called.</summary>
    public static bool Allows(MethodBase method) =>
        method.DeclaringType is { Namespace: nameof(System) } type
        && Allowed.Contains($"{type.Name}.{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name))})");
}
