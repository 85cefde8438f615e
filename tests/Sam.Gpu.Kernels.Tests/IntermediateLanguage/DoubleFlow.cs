using System.Reflection;
using System.Reflection.Emit;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Tests.IntermediateLanguage;

/// <summary>
/// Follows binary64 numbers through a method's evaluation stack. A kernel over binary32 may hand literals on to <c>V.Constant</c>, which a
/// compiler folds; all else is an instruction of a GPU's binary64 units.
/// </summary>
internal sealed class DoubleFlow(MethodBase method, MethodBody body, IReadOnlyList<Instruction> instructions)
{
    private readonly Dictionary<int, int> indices = instructions.Select((instruction, index) => (instruction.Offset, index))
        .ToDictionary(pair => pair.Offset, pair => pair.index);

    /// <summary>The uses of binary64 besides handing literals on, by offset.</summary>
    public IReadOnlyList<(int Offset, string Found)> Find()
    {
        var found = new SortedDictionary<int, string>();
        var seen = new bool[instructions.Count];
        bool carries = false;
        var open = new Stack<(int Index, bool[] Stack)>();
        open.Push((0, []));
        while (open.TryPop(out var state))
        {
            if (state.Index >= instructions.Count || seen[state.Index])
            {
                continue;
            }

            seen[state.Index] = true;
            var instruction = instructions[state.Index];
            var stack = new Stack<bool>(state.Stack);
            if (Step(instruction, stack) is { } use)
            {
                found[instruction.Offset] = use;
            }

            // The enumerator begins at the top; a stack is made from the bottom.
            bool[] after = [.. stack.Reverse()];
            carries |= instruction.Code.Name!.StartsWith("stloc", StringComparison.Ordinal) && state.Stack[^1];
            foreach (int target in instruction.Operand as int[] ?? [])
            {
                carries |= after.Contains(true);
                open.Push((indices[target], after));
            }

            if (instruction.Code.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw))
            {
                open.Push((state.Index + 1, after));
            }
        }

        if (carries && FirstChoiceAtRunTime() is { } choice)
        {
            found.TryAdd(choice.Offset, "it chooses between binary64 numbers at run time");
        }

        return [.. found.Select(pair => (pair.Key, pair.Value))];
    }

    // Which precision a lane has is a constant to the compiler, so that what depends on it alone is no choice.
    private Instruction? FirstChoiceAtRunTime() => instructions
        .Where((instruction, index) => instruction.Code.FlowControl == FlowControl.Cond_Branch
            && instructions[index - 1].Operand is not MethodBase { Name: $"get_{nameof(Float1.IsDouble)}" })
        .FirstOrDefault();

    // Carries out an instruction on the stack, which holds for each entry whether it is binary64; says how it misuses one.
    private string? Step(Instruction instruction, Stack<bool> stack)
    {
        var code = instruction.Code;
        if (instruction.Operand is MethodBase called && code.FlowControl == FlowControl.Call)
        {
            int parameters = called.GetParameters().Length + (called.IsStatic || code == OpCodes.Newobj ? 0 : 1);
            Pop(stack, parameters);
            Type result = code == OpCodes.Newobj ? called.DeclaringType! : (called as MethodInfo)?.ReturnType ?? typeof(void);
            if (result != typeof(void))
            {
                stack.Push(IsDouble(result));
            }

            // What hands literals on is looked into itself; what the base library computes in binary64 is not.
            return InstructionRules.Allows(called) && called.GetParameters().Any(parameter => IsDouble(parameter.ParameterType))
                ? $"it calls {called.DeclaringType!.Name}.{called.Name} in binary64" : null;
        }

        if (code == OpCodes.Dup)
        {
            stack.Push(stack.Peek());
            return null;
        }

        if (code == OpCodes.Ret)
        {
            return null;
        }

        bool takesDouble = Pop(stack, Count(code.StackBehaviourPop));
        string name = code.Name!;
        bool givesDouble = name switch
        {
            "ldc.r8" or "conv.r8" or "conv.r.un" or "ldind.r8" => true,
            "ldarg" or "ldarg.s" or "ldarg.0" or "ldarg.1" or "ldarg.2" or "ldarg.3" => IsDouble(Argument((int)instruction.Operand!)),
            "ldloc" or "ldloc.s" or "ldloc.0" or "ldloc.1" or "ldloc.2" or "ldloc.3" => IsDouble(body.LocalVariables[(int)instruction.Operand!].LocalType),
            "ldfld" => IsDouble(((FieldInfo)instruction.Operand!).FieldType),
            "ldobj" => IsDouble((Type)instruction.Operand!),
            "add" or "sub" or "mul" or "div" or "rem" or "neg" => takesDouble,
            _ => false,
        };
        for (int i = Count(code.StackBehaviourPush); i > 0; i--)
        {
            stack.Push(givesDouble);
        }

        bool moves = name is "ldc.r8" or "pop" || name.Split('.')[0] is "ldarg" or "ldloc" or "stloc";
        bool rounds = code == OpCodes.Conv_R4 && method.DeclaringType == typeof(Float1) && method.Name == nameof(Float1.Constant);
        return (takesDouble || givesDouble) && !moves && !rounds ? $"it uses binary64 ({name})" : null;
    }

    private static bool Pop(Stack<bool> stack, int count)
    {
        bool any = false;
        for (int i = 0; i < count; i++)
        {
            any |= stack.Pop();
        }

        return any;
    }

    private static bool IsDouble(Type type) => type == typeof(double) || type == typeof(Double1);

    private Type Argument(int index) => (method.IsStatic, index) switch
    {
        (true, _) => method.GetParameters()[index].ParameterType,
        (false, 0) => typeof(void*),
        (false, _) => method.GetParameters()[index - 1].ParameterType,
    };

    // ECMA-335 names a behaviour by what it pops or pushes, one after the other: Popref_popi_popr8, Push1_push1.
    private static int Count(StackBehaviour behaviour) => behaviour is StackBehaviour.Pop0 or StackBehaviour.Push0
        ? 0 : behaviour.ToString().Split('_').Length;
}
