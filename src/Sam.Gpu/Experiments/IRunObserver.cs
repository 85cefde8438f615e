namespace Sam.Gpu.Experiments;

/// <summary>Watches a run: a display, or a test. Called on the thread that trains, so be brief.</summary>
public interface IRunObserver
{
    /// <summary>The run is about to take its first step.</summary>
    /// <param name="plan">What will run.</param>
    void Started(RunPlan plan);

    /// <summary>A step was taken and its numbers were read.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="loss">The loss before it.</param>
    /// <param name="gradientNorm">‖g‖ before it.</param>
    void Stepped(int step, double loss, double gradientNorm);

    /// <summary>The spectrum was measured.</summary>
    /// <param name="measurement">What was seen.</param>
    void Measured(Measurement measurement);
}

/// <summary>What will run, after everything has been read and built.</summary>
/// <param name="Name">The name of the recipe.</param>
/// <param name="Configuration">The configuration, resolved.</param>
/// <param name="Data">The data set's full name.</param>
/// <param name="Examples">The examples trained on.</param>
/// <param name="SpectrumExamples">The examples whose loss has the spectrum that is measured.</param>
/// <param name="TestExamples">The examples for testing that are measured; 0 for none.</param>
/// <param name="Parameters">P.</param>
/// <param name="Device">The device's name.</param>
/// <param name="Driver">Its driver and version.</param>
/// <param name="MatrixProducts">Whose matrix products it uses.</param>
/// <param name="Memory">What it needs of the device's memory.</param>
/// <param name="Folder">Where the files go.</param>
public sealed record RunPlan(
    string Name, RunConfiguration Configuration, string Data, int Examples, int SpectrumExamples, int TestExamples, int Parameters,
    string Device, string Driver, string MatrixProducts, MemoryPlan Memory, string Folder)
{
    /// <summary>The steps that an earlier part of the run has taken; 0 where it begins.</summary>
    public int FirstStep { get; init; }

    /// <summary>Whether the eigenvalues of P⁻¹H are measured as well, P the diagonal that an adaptive step divides by: the edge is theirs.</summary>
    public bool IsPreconditioned { get; init; }
}
