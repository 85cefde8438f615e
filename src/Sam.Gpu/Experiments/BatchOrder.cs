using Sam.Gpu.Data;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Experiments;

/// <summary>The order in which minibatches take the examples: shuffled anew each epoch, from the substream "batches" of the seed.</summary>
/// <remarks>An epoch is as many whole batches as the examples make; what is left over of them waits for another epoch's order.</remarks>
/// <param name="seed">The seed of the run.</param>
/// <param name="examples">The examples.</param>
/// <param name="batchSize">The examples of a batch, at most <paramref name="examples"/>.</param>
internal sealed class BatchOrder(ulong seed, int examples, int batchSize)
{
    private readonly int[] order = [.. Enumerable.Range(0, examples)];
    private ulong epoch;
    private int next = int.MaxValue;
    private int current;

    /// <summary>The batches of an epoch.</summary>
    public int Length => order.Length / batchSize;

    /// <summary>The examples of the batch that was taken last; valid until the next one is.</summary>
    public ReadOnlySpan<int> Current => order.AsSpan(current, batchSize);

    /// <summary>What the batches to come depend on, for a checkpoint. The random numbers of an epoch depend on its number alone.</summary>
    public IReadOnlyList<StateItem> State =>
    [
        StateItem.Of("order", order.Length, CopyOrder, SetOrder),
        StateItem.Of("epochs-begun", () => epoch, count => epoch = (ulong)count),
        StateItem.Of("next", () => next, SetNext),
    ];

    /// <summary>Takes the next batch: its examples.</summary>
    public ReadOnlySpan<int> Next()
    {
        if (next > order.Length - batchSize)
        {
            new RandomStream(seed, "batches", epoch++).Shuffle(order.AsSpan());
            next = 0;
        }

        current = next;
        next += batchSize;
        return Current;
    }

    private void CopyOrder(Span<double> numbers)
    {
        for (int i = 0; i < order.Length; i++)
        {
            numbers[i] = order[i];
        }
    }

    private void SetOrder(ReadOnlySpan<double> numbers)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = (int)numbers[i];
        }
    }

    // Before the first batch there is no current one.
    private void SetNext(double place)
    {
        next = (int)place;
        current = next > order.Length ? 0 : next - batchSize;
    }
}
