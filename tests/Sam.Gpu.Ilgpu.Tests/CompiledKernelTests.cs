using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using Sam.Gpu.Kernels.Lanes;
using Xunit;

namespace Sam.Gpu.Ilgpu.Tests;

/// <summary>Every kernel compiles for CUDA and OpenCL to code that keeps its accuracy and its speed. No GPU is needed.</summary>
public sealed partial class CompiledKernelTests
{
    /// <summary>From Pascal to Hopper.</summary>
    public static TheoryData<CudaArchitecture, bool> Architectures =>
        new(
            (CudaArchitecture.SM_60, false), (CudaArchitecture.SM_75, false), (CudaArchitecture.SM_80, false), (CudaArchitecture.SM_90, false),
            (CudaArchitecture.SM_60, true), (CudaArchitecture.SM_75, true), (CudaArchitecture.SM_80, true), (CudaArchitecture.SM_90, true));

    [Theory, MemberData(nameof(Architectures))]
    public void Every_kernel_compiles_to_flat_ptx(CudaArchitecture architecture, bool isDouble)
    {
        using var context = IlgpuContext.Create();
        using var backend = new PTXBackend(context, architecture, CudaInstructionSet.ISA_78, null!);
        AssertAll(isDouble, usesShuffles: true, entry => Faults(((PTXCompiledKernel)Compile(backend, entry)).PTXAssembly, isDouble));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_kernel_compiles_to_OpenCL_C(bool isDouble)
    {
        using var context = IlgpuContext.Create();
        var capabilities = new CLCapabilityContext(
            float16: false, float64: isDouble, genericAddressSpace: true, int64_Atomics: false, subGroups: false);
        using var backend = new CLBackend(context, capabilities, CLDeviceVendor.Other, CLCVersion.CL20);
        AssertAll(isDouble, usesShuffles: false, entry => OpenClFaults(((CLCompiledKernel)Compile(backend, entry)).Source, isDouble));
    }

    [Theory]
    [InlineData("\t.local .align 8 .b8 depot[16];", "local memory")]
    [InlineData("\tst.local.f32\t[%rd1], %f1;", "local memory")]
    [InlineData("\tcall.uni (retval0), Function, (param0);", "a call")]
    [InlineData("\t@%p1 call Function;", "a call")]
    [InlineData("\ttanh.approx.f32\t%f1, %f2;", "approximation")]
    [InlineData("\tex2.approx.f32\t%f1, %f2;", "approximation")]
    [InlineData("\tlg2.approx.f32\t%f1, %f2;", "approximation")]
    [InlineData("\tmul.ftz.f32\t%f1, %f2, %f3;", "approximation")]
    [InlineData("\tcvt.f64.f32\t%fd1, %f1;", "double precision")]
    [InlineData("\tsetp.gtu.f32\t%p2, %f1, %f2;\n\tselp.b32\t%f3, %f1, %f2, %p2;", "holds for NaN")]
    public void What_must_not_be_in_a_kernel_is_found(string line, string fault) =>
        Assert.Contains(fault, Assert.Single(Faults($".version 7.8\n{line}\n\tret;\n", isDouble: false)), StringComparison.Ordinal);

    [Fact]
    public void What_may_be_in_a_kernel_is_not()
    {
        const string Lines = "\tfma.rn.f32\t%f1, %f2, %f3, %f4;\n\tdiv.rn.f32\t%f1, %f2, %f3;\n\tld.shared.v4.f32\t{%f1}, [%rd1];\n\tmov.b64 %f64, %rd1;\n"
            + "\tsetp.gtu.f32\t%p2, %f1, %f2;\n\tsetp.gt.f32\t%p3, %f1, %f2;\n\tand.pred\t%p4, %p2, %p3;\n";
        Assert.Empty(Faults(Lines, isDouble: false));
        Assert.Empty(Faults(Lines + "\tfma.rn.f64\t%fd1, %fd2, %fd3, %fd4;\n", isDouble: true));
    }

    private static void AssertAll(bool isDouble, bool usesShuffles, Func<System.Reflection.MethodInfo, IEnumerable<string>> check)
    {
        var lane = isDouble ? typeof(Double1) : typeof(Float1);
        var faults = new List<string>();
        foreach (var kernel in KernelInstantiations.Over(lane))
        {
            try
            {
                faults.AddRange(check(KernelInstantiations.Entry(kernel, lane, usesShuffles)).Select(fault => $"{KernelInstantiations.Name(kernel)}: {fault}"));
            }
            catch (Exception exception) when (exception is InternalCompilerException or NotSupportedException)
            {
                faults.Add($"{KernelInstantiations.Name(kernel)}: does not compile: {exception.InnerException?.Message ?? exception.Message}");
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    private static CompiledKernel Compile(Backend backend, System.Reflection.MethodInfo entry) =>
        backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(entry), KernelInstantiations.Specialization(entry));

    private static IEnumerable<string> Faults(string assembly, bool isDouble)
    {
        foreach (var (what, pattern) in new[]
        {
            ("local memory, which is slow global memory", LocalMemory()),
            ("a call that was not inlined", Call()),
            ("an approximation of the vendor's", Approximation()),
        })
        {
            if (pattern.Match(assembly) is { Success: true } match)
            {
                yield return $"{what}: {match.Value.Trim()}";
            }
        }

        // Not "f64", which is in the names of registers.
        if (!isDouble && DoublePrecision().Match(assembly) is { Success: true } found)
        {
            yield return $"double precision in a float kernel: {found.Value.Trim()}";
        }

        foreach (Match comparison in ComparisonOfNaN().Matches(assembly))
        {
            string predicate = comparison.Groups["predicate"].Value;
            var uses = assembly.Split('\n').Where(line => Regex.IsMatch(line, $@"{predicate}\b") && line != comparison.Value);
            if (uses.FirstOrDefault(line => !line.Contains("and.pred", StringComparison.Ordinal)) is { } use)
            {
                yield return $"a comparison that holds for NaN: {comparison.Value.Trim()} {use.Trim()}";
            }
        }
    }

    private static IEnumerable<string> OpenClFaults(string source, bool isDouble)
    {
        if (!isDouble && source.Contains("double", StringComparison.Ordinal))
        {
            yield return "double precision in a float kernel: " + source.Split('\n').First(line => line.Contains("double", StringComparison.Ordinal)).Trim();
        }

        if (NativeFunction().Match(source) is { Success: true } match)
        {
            yield return $"a function of the vendor's: {match.Value.Trim()}";
        }
    }

    [GeneratedRegex(@"^.*(\.local\b|__local_depot).*$", RegexOptions.Multiline)]
    private static partial Regex LocalMemory();

    [GeneratedRegex(@"^\s*(@\S+\s+)?call\b.*$", RegexOptions.Multiline)]
    private static partial Regex Call();

    [GeneratedRegex(@"^.*(tanh\.approx|ex2\.approx|lg2\.approx|div\.approx|sqrt\.approx|rcp\.approx|\.ftz).*$", RegexOptions.Multiline)]
    private static partial Regex Approximation();

    [GeneratedRegex(@"^.*\.f64\b.*$", RegexOptions.Multiline)]
    private static partial Regex DoublePrecision();

    // Harmless where another comparison must hold as well.
    [GeneratedRegex(@"^\s*setp\.(lt|le|gt|ge|eq)u\.f\d+\s+(?<predicate>%p\d+).*$", RegexOptions.Multiline)]
    private static partial Regex ComparisonOfNaN();

    [GeneratedRegex(@"^.*\b((native|half)_\w+|exp|exp2|log|log2|tanh|erf|pow)\s*\(.*$", RegexOptions.Multiline)]
    private static partial Regex NativeFunction();
}
