namespace Sam.Gpu.TestSupport;

/// <summary>A mistake that the emulated device saw: the message names the kernel, the buffer, the index and the threads.</summary>
/// <param name="message">What happened, and where.</param>
/// <param name="innerException">The exception that the kernel let escape, if that is the mistake.</param>
public sealed class KernelFaultException(string message, Exception? innerException = null) : Exception(message, innerException);
