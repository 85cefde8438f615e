namespace Sam.Gpu.Kernels.Tests.IntermediateLanguage;

/// <summary>Something in a kernel that a GPU's compiler refuses, or that makes it slow.</summary>
/// <param name="Kernel">The kernel and its lane.</param>
/// <param name="Method">The method, reached from the kernel, that it stands in.</param>
/// <param name="Offset">The offset in its intermediate language; 0 if it is the method as a whole.</param>
/// <param name="Found">What was found.</param>
/// <param name="Cure">What to do.</param>
internal sealed record KernelFault(string Kernel, string Method, int Offset, string Found, string Cure)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kernel}: {Method} at IL_{Offset:x4}: {Found}. {Cure}.";
}
