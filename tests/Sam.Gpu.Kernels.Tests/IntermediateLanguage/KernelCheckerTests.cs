using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Kernels.Tests.IntermediateLanguage;

/// <summary>The checker finds each mistake, and says in which kernel, where, and what to do.</summary>
public sealed class KernelCheckerTests
{
    [Theory]
    [InlineData(nameof(BadKernels.MakesObject), "it makes an object of List`1")]
    [InlineData(nameof(BadKernels.MakesArray), "it makes an array")]
    [InlineData(nameof(BadKernels.MakesArray), "it uses an array")]
    [InlineData(nameof(BadKernels.Boxes), "it boxes a value")]
    [InlineData(nameof(BadKernels.Boxes), "it calls IComparable.CompareTo virtually")]
    [InlineData(nameof(BadKernels.Throws), "it throws")]
    [InlineData(nameof(BadKernels.Throws), "it calls System.ArgumentOutOfRangeException.ThrowIfNegative")]
    [InlineData(nameof(BadKernels.Catches), "it has a try, using or lock block")]
    [InlineData(nameof(BadKernels.ReadsStatic), "it reads a static field")]
    [InlineData(nameof(BadKernels.WritesStatic), "it writes a static field")]
    [InlineData(nameof(BadKernels.UsesString), "it uses a string")]
    [InlineData(nameof(BadKernels.TakesFunction), "it takes the address of a function")]
    [InlineData(nameof(BadKernels.CallsPointer), "it calls through a pointer")]
    [InlineData(nameof(BadKernels.AllocatesOnStack), "it allocates on the stack")]
    [InlineData(nameof(BadKernels.CallsLibrary), "it calls System.MathF.Tanh, which not every device has")]
    [InlineData(nameof(BadKernels.Recurses), "it calls Recurses.Even, which has called it")]
    [InlineData(nameof(BadKernels.ChecksArithmetic), "its arithmetic is checked and may throw")]
    [InlineData(nameof(BadKernels.HoldsReference), "its field table is a Int32[]")]
    [InlineData(nameof(BadKernels.HoldsBool), "its field accumulate is a Boolean")]
    [InlineData(nameof(BadKernels.HoldsBoolInside), "its field accumulate is a Boolean")]
    [InlineData(nameof(BadKernels.HoldsDouble<,>), "it uses binary64 (ldfld)")]
    [InlineData(nameof(BadKernels.AddsDoubles<,>), "it uses binary64 (add)")]
    [InlineData(nameof(BadKernels.ConvertsIndex<,>), "it uses binary64 (conv.r8)")]
    [InlineData(nameof(BadKernels.ChoosesLiteral<,>), "it chooses between binary64 numbers at run time")]
    [InlineData(nameof(BadKernels.KeepsLiteral<,>), "it chooses between binary64 numbers at run time")]
    [InlineData(nameof(BadKernels.HasBadActivation), "it reads a static field")]
    public void A_mistake_is_found(string kernel, string expected)
    {
        Assert.Contains(Check(kernel, typeof(Float1)), fault => fault.Found.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_fault_says_where_it_is_and_what_to_do()
    {
        var fault = Assert.Single(Check(nameof(BadKernels.HasBadActivation), typeof(Float1)));

        Assert.Matches(
            @"^HasBadActivation over Float1: BadActivation\.Value at IL_[0-9a-f]{4}: it reads a static field\. A GPU has no statics: .*\.$", fault.ToString());
    }

    [Fact]
    public void Binary64_is_no_mistake_in_kernels_of_binary64() => Assert.Empty(Check(nameof(BadKernels.AddsDoubles<,>), typeof(Double1)));

    private static IReadOnlyList<KernelFault> Check(string kernel, Type lane)
    {
        var type = KernelInstances.Find(typeof(BadKernels).Assembly)
            .Single(type => type.DeclaringType == typeof(BadKernels) && type.Name.Split('`')[0] == kernel);
        return KernelChecker.Check(Assert.Single(KernelInstances.Close(type, lane, typeof(DeviceBuffer<>))), lane);
    }
}
