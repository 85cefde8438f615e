using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Sam.Gpu.Kernels.Tests.IntermediateLanguage;

/// <summary>One instruction of a method, its operand resolved in the method's own instantiation of generic types.</summary>
/// <param name="Offset">Where it begins, in bytes from the method's first.</param>
/// <param name="Code">The operation.</param>
/// <param name="Operand">
/// A <see cref="MemberInfo"/>, the index of an argument or local, or the offsets that it may branch to; null for other operands.
/// </param>
internal sealed record Instruction(int Offset, OpCode Code, object? Operand)
{
    // ECMA-335 III: one byte, or two of which the first is 0xFE.
    private static readonly Dictionary<ushort, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (ushort)code.Value);

    /// <summary>The instructions of a method; empty if it has no body.</summary>
    /// <param name="method">A method without open generic parameters.</param>
    public static IReadOnlyList<Instruction> Read(MethodBase method)
    {
        byte[] bytes = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var instructions = new List<Instruction>();
        for (int next = 0; next < bytes.Length;)
        {
            int offset = next;
            int length = bytes[offset] == 0xFE ? 2 : 1;
            var code = Codes[length == 1 ? bytes[offset] : BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(offset))];
            var rest = bytes.AsSpan(offset + length);
            int size = Size(code.OperandType, rest);
            next = offset + length + size;
            instructions.Add(new(offset, code, Resolve(method, code, rest, next)));
        }

        return instructions;
    }

    private static int Size(OperandType type, ReadOnlySpan<byte> rest) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(rest)),
        _ => 4,
    };

    private static object? Resolve(MethodBase method, OpCode code, ReadOnlySpan<byte> rest, int next)
    {
        switch (code.OperandType)
        {
            case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                return method.Module.ResolveMember(
                    BinaryPrimitives.ReadInt32LittleEndian(rest),
                    method.DeclaringType!.GetGenericArguments(),
                    method is MethodInfo ? method.GetGenericArguments() : []);
            case OperandType.ShortInlineVar:
                return (int)rest[0];
            case OperandType.InlineVar:
                return (int)BinaryPrimitives.ReadUInt16LittleEndian(rest);
            case OperandType.ShortInlineBrTarget:
                return new[] { next + (sbyte)rest[0] };
            case OperandType.InlineBrTarget:
                return new[] { next + BinaryPrimitives.ReadInt32LittleEndian(rest) };
            case OperandType.InlineSwitch:
                int[] targets = new int[BinaryPrimitives.ReadInt32LittleEndian(rest)];
                for (int i = 0; i < targets.Length; i++)
                {
                    targets[i] = next + BinaryPrimitives.ReadInt32LittleEndian(rest[(4 + (4 * i))..]);
                }

                return targets;
            default:
                // Arguments and locals with small numbers have codes of their own: ldarg.1, stloc.3.
                string[] parts = code.Name!.Split('.');
                return parts is ["ldarg" or "ldloc" or "stloc", [>= '0' and <= '3'] digit] ? digit[0] - '0' : null;
        }
    }
}
