using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Frontend.Intrinsic;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;

namespace Sam.Gpu.Ilgpu;

/// <summary>The functions of .NET that lanes call and ILGPU does not know, or knows only approximately.</summary>
/// <remarks>
/// Fused multiply-add and rounding to even are single instructions on every device, and our elementary functions stand on them:
/// fma.rn and cvt.rni in PTX, fma and rint in OpenCL C. On the host, where ILGPU's CPU accelerator runs the kernels as they are, they
/// are .NET's own.
/// </remarks>
internal static class DeviceMath
{
    private static readonly Type[] Precisions = [typeof(float), typeof(double)];

    static DeviceMath()
    {
        // For the whole process: where kernels call .NET's function, ILGPU takes ours.
        foreach (var (host, number) in new[] { (typeof(MathF), typeof(float)), (typeof(Math), typeof(double)) })
        {
            RemappedIntrinsics.AddRemapping(host, typeof(DeviceMath), nameof(FusedMultiplyAdd), number, number, number);
            RemappedIntrinsics.AddRemapping(host, typeof(DeviceMath), nameof(Round), number);
        }
    }

    /// <summary>a · b + c, rounded once.</summary>
    [IntrinsicImplementation]
    public static float FusedMultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc cref="FusedMultiplyAdd(float, float, float)"/>
    [IntrinsicImplementation]
    public static double FusedMultiplyAdd(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    /// <summary>The nearest integer, ties to even.</summary>
    [IntrinsicImplementation]
    public static float Round(float a) => MathF.Round(a);

    /// <inheritdoc cref="Round(float)"/>
    [IntrinsicImplementation]
    public static double Round(double a) => Math.Round(a);

    /// <summary>Teaches a context the functions.</summary>
    /// <param name="builder">The builder of the context.</param>
    public static Context.Builder DeviceFunctions(this Context.Builder builder)
    {
        var manager = builder.GetIntrinsicManager();
        foreach (var number in Precisions)
        {
            Register(manager, Method(nameof(FusedMultiplyAdd), number, number, number), nameof(EmitFusedMultiplyAdd));
            Register(manager, Method(nameof(Round), number), nameof(EmitRound));
        }

        return builder;
    }

    private static MethodInfo Method(string name, params Type[] parameters) => typeof(DeviceMath).GetMethod(name, parameters)!;

    private static void Register(IntrinsicImplementationManager manager, MethodInfo method, string emit)
    {
        manager.RegisterMethod(method, new PTXIntrinsic(Emitter(emit, typeof(PTXBackend)), IntrinsicImplementationMode.GenerateCode));
        manager.RegisterMethod(method, new CLIntrinsic(Emitter(emit, typeof(CLBackend)), IntrinsicImplementationMode.GenerateCode));
    }

    private static MethodInfo Emitter(string name, Type backend) =>
        typeof(DeviceMath).GetMethods(BindingFlags.NonPublic | BindingFlags.Static)
            .Single(method => method.Name == name && method.GetParameters() is [var first, ..] && first.ParameterType == backend);

    private static void EmitFusedMultiplyAdd(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
        Emit(generator, value, IsDouble(value) ? "fma.rn.f64" : "fma.rn.f32");

    private static void EmitRound(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
        Emit(generator, value, IsDouble(value) ? "cvt.rni.f64.f64" : "cvt.rni.f32.f32");

    private static void EmitFusedMultiplyAdd(CLBackend backend, CLCodeGenerator generator, Value value) => Emit(generator, value, "fma");

    private static void EmitRound(CLBackend backend, CLCodeGenerator generator, Value value) => Emit(generator, value, "rint");

    private static bool IsDouble(Value value) => value.BasicValueType == BasicValueType.Float64;

    private static void Emit(PTXCodeGenerator generator, Value value, string instruction)
    {
        var call = (MethodCall)value;
        var arguments = new RegisterAllocator<PTXRegisterKind>.PrimitiveRegister[call.Count];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = generator.LoadPrimitive(call[i]);
        }

        var result = generator.AllocateHardware(value);
        using var command = generator.BeginCommand(instruction);
        command.AppendArgument(result);
        foreach (var argument in arguments)
        {
            command.AppendArgument(argument);
        }
    }

    private static void Emit(CLCodeGenerator generator, Value value, string function)
    {
        var call = (MethodCall)value;
        var result = generator.Allocate(value);
        using var statement = generator.BeginStatement(result);
        statement.AppendCommand(function);
        statement.BeginArguments();
        for (int i = 0; i < call.Count; i++)
        {
            statement.AppendArgument(generator.Load(call[i]));
        }

        statement.EndArguments();
    }
}
