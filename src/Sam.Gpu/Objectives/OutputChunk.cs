using Sam.Gpu.Devices;

namespace Sam.Gpu.Objectives;

/// <summary>What a supplement of the loss sees of a chunk of N examples with R rows of C outputs: R = N, or of sequences N times the positions. A value.</summary>
/// <param name="Outputs">[R, C].</param>
/// <param name="Reference">[R, C]: the outputs with the teacher's parameters where there is a teacher; else memory to use.</param>
/// <param name="Numbers">The numbers of the examples in the data set, [N]; empty unless the supplement needs them.</param>
/// <param name="Columns">C.</param>
/// <param name="Total">The rows of the whole mean.</param>
/// <param name="Losses">[R], to add to, in shares of the mean.</param>
/// <param name="Gradient">[R, C], to add to.</param>
internal readonly record struct OutputChunk(
    DeviceSpan Outputs, DeviceSpan Reference, DeviceSpan Numbers, int Columns, int Total, DeviceSpan Losses, DeviceSpan Gradient);
