namespace Sam.Gpu.Benchmarks.Optimizers;

/// <summary>How long a step took.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="ProcessorSeconds">Of all threads of the process: what other processes take is not in it, what threads wait for is.</param>
internal readonly record struct StepTime(double Seconds, double ProcessorSeconds);
