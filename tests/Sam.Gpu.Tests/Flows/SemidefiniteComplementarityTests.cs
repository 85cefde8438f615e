using Sam.Gpu.Flows;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Flows;

public class SemidefiniteComplementarityTests
{
    [Theory]
    [InlineData(-3, 2, 1.5)]
    [InlineData(3, 2, 0)]
    public void Of_one_direction_it_is_the_closed_form(double a, double b, double expected)
    {
        double[] x = new double[1];
        Assert.Equal(0, new SemidefiniteComplementarity(1).Solve([a], [b], x));
        Assert.Equal(expected, x[0]);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(6, 5)]
    public void The_conditions_of_the_minimum_hold(int size, ulong seed)
    {
        // The problem is convex: these conditions are met by its minima alone.
        int length = size * (size + 1) / 2;
        int columns = length + 3;
        double[] factor = DeviceNumbers.Normal(seed, length * columns);
        double[] b = new double[length * length];
        for (int i = 0; i < length; i++)
        {
            for (int j = 0; j < length; j++)
            {
                b[(i * length) + j] = Enumerable.Range(0, columns).Sum(k => factor[(i * columns) + k] * factor[(j * columns) + k]);
            }
        }

        double[] a = DeviceNumbers.Normal(100 + seed, length);
        double[] x = new double[length];
        var problem = new SemidefiniteComplementarity(size);
        Assert.InRange(problem.Solve(a, b, x), 0, 1e-12);
        int[] indices = [.. Enumerable.Range(0, length)];
        double[] slack = [.. indices.Select(i => a[i] + indices.Sum(j => b[(i * length) + j] * x[j]))];
        double scale = Near.Norm(a);
        Assert.InRange(Near.Norm(x), 1e-3 * scale / Near.Norm(b), double.PositiveInfinity);
        Assert.InRange(problem.Eigenvalues(x)[0], -1e-14 * Near.Norm(x), double.PositiveInfinity);
        Assert.InRange(problem.Eigenvalues(slack)[0], -1e-10 * scale, double.PositiveInfinity);
        Near.Number(0, x.Zip(slack, (p, q) => p * q).Sum(), 1e-10 * scale * Near.Norm(x), "⟨X, A + B[X]⟩");
    }

    [Fact]
    public void Directions_that_do_not_meet_are_solved_one_by_one()
    {
        // B is diagonal: the entry off the diagonal is free of cost but has nothing to gain.
        double[] x = new double[3];
        _ = new SemidefiniteComplementarity(2).Solve([-1, 0, -6], [2, 0, 0, 0, 5, 0, 0, 0, 3], x);
        Near.Numbers([0.5, 0, 2], x, 1e-11);
    }

    [Fact]
    public void Where_nothing_can_push_back_there_is_no_solution()
    {
        double[] x = new double[1];
        Assert.Equal(double.NaN, new SemidefiniteComplementarity(1).Solve([-1], [0], x));
        Assert.Equal(0, new SemidefiniteComplementarity(1).Solve([1], [0], x));
    }
}
