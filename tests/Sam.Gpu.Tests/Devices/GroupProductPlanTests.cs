using Sam.Gpu.Devices;
using Xunit;

namespace Sam.Gpu.Tests.Devices;

/// <summary>How products are cut up for a GPU: the rule of the bits, and choices that must not go badly wrong.</summary>
public sealed class GroupProductPlanTests
{
    [Fact]
    public void Chunks_are_multiples_of_a_stage_cover_the_depth_and_are_few()
    {
        for (int depth = 0; depth < 70_000; depth = depth < 2_000 ? depth + 1 : depth * 11 / 10)
        {
            int chunk = GroupProductPlan.ChunkLength(depth);
            int chunks = Math.Max(1, (depth + chunk - 1) / chunk);
            Assert.Equal(0, chunk % 8);
            Assert.True(chunk >= 8 && chunks <= 128, $"depth {depth}: {chunks} chunks of {chunk}");
            Assert.True(depth > 65_536 || chunk <= 512, $"depth {depth}: chunks of {chunk}");
        }

        Assert.Equal(16_777_216, GroupProductPlan.ChunkLength(int.MaxValue));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(20, 100, 1)]
    [InlineData(20, 10, 100)]
    [InlineData(1000, 1, 0)]
    public void Little_work_is_done_plainly(int rows, int columns, int depth) =>
        Assert.Equal(ProductTiling.None, GroupProductPlan.Choose(rows, columns, depth, 1, ProductTiling.Large).Tiling);

    [Theory]
    [InlineData(4096, 4096, 4096, ProductTiling.Large)]
    [InlineData(5000, 1000, 1000, ProductTiling.Large)]
    [InlineData(5000, 10, 200, ProductTiling.Small)]
    [InlineData(10, 5000, 200, ProductTiling.Small)]
    [InlineData(200, 200, 200, ProductTiling.Small)]
    public void The_tile_fits_the_shape(int rows, int columns, int depth, object tiling)
    {
        var plan = GroupProductPlan.Choose(rows, columns, depth, 1, ProductTiling.Large);
        Assert.Equal(tiling, plan.Tiling);
        Assert.Equal(1, plan.Pieces);
    }

    [Theory]
    [InlineData(200, 784, 5_000)]
    [InlineData(10, 200, 5_000)]
    [InlineData(10, 200, 60_000)]
    [InlineData(1, 1, 1_000_000)]
    public void Weight_gradients_of_many_examples_are_computed_in_pieces(int rows, int columns, int depth)
    {
        var plan = GroupProductPlan.Choose(rows, columns, depth, 1, ProductTiling.Large);
        Assert.Equal((depth + plan.Chunk - 1) / plan.Chunk, plan.Pieces);
    }

    [Fact]
    public void Binary64_has_no_large_tiles_and_no_plan_changes_the_chunks()
    {
        foreach (int depth in (int[])[0, 100, 5_000, 60_000])
        {
            foreach (int size in (int[])[1, 30, 1_000, 8_000])
            {
                foreach (bool isDouble in (bool[])[false, true])
                {
                    var plan = GroupProductPlan.Choose(size, size, depth, 1, GroupProductPlan.Largest(isDouble, 256));
                    Assert.Equal(GroupProductPlan.ChunkLength(depth), plan.Chunk);
                    Assert.False(isDouble && plan.Tiling == ProductTiling.Large);
                    Assert.True(plan.Pieces == 1 || (long)size * size * plan.Pieces <= 1 << 26);
                }
            }
        }
    }

    [Theory]
    [InlineData(false, 1024, "Large")]
    [InlineData(false, 256, "Large")]
    [InlineData(false, 255, "Medium")]
    [InlineData(true, 256, "Medium")]
    [InlineData(false, 64, "Small")]
    [InlineData(true, 63, "None")]
    public void No_tile_has_more_threads_than_a_group_may_have(bool isDouble, int largestGroup, string tiling)
    {
        var largest = GroupProductPlan.Largest(isDouble, largestGroup);

        Assert.Equal(tiling, largest.ToString());
        Assert.All([10, 500, 4000], size => Assert.InRange(GroupProductPlan.Choose(size, size, size, 1, largest).Tiling, ProductTiling.None, largest));
    }
}
