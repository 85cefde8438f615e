namespace Sam.Gpu.Labs;

/// <summary>A known result of the field that one command runs, checks and draws.</summary>
/// <remarks>A lab is a page: what is claimed and by whom, what is run, and what is expected of it. All of them stand in <see cref="LabCatalog"/>.</remarks>
public abstract class Lab
{
    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What is claimed, in a line.</summary>
    public abstract string Claim { get; }

    /// <summary>Who claims it.</summary>
    public abstract string Source { get; }

    /// <summary>Whether it takes so long that it runs alone, not among all.</summary>
    public virtual bool IsLong => false;

    /// <summary>Runs the lab.</summary>
    /// <param name="session">Trains, and takes what is found.</param>
    /// <exception cref="OperationCanceledException">The session was interrupted.</exception>
    public abstract void Run(LabSession session);
}
