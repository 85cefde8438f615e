namespace Sam.Gpu.TestSupport;

/// <summary>A collective that a thread has reached. The threads of a group must all reach an equal one.</summary>
/// <param name="Operation">The member of the team: Sum, Max or Barrier.</param>
/// <param name="Row">The row.</param>
/// <param name="Number">How many collectives of the row came before.</param>
internal readonly record struct Collective(string Operation, int Row, int Number)
{
    public override string ToString() => $"{Operation} (collective {Number + 1})";
}
