using System.ComponentModel;
using System.Diagnostics;
using Sam.Gpu.Data;
using Xunit;

namespace Sam.Gpu.Tests.Data;

/// <summary>NumPy itself opens what is written here, and what it writes is read here.</summary>
public sealed class NumpyInteropTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void NumpyOpensWhatIsWritten()
    {
        double[] numbers = [0.1, -0.0, double.PositiveInfinity, double.Epsilon, 3, 4];
        NumpyFile.Write(folder["a.npy"], NumpyArray.Of(numbers, 2, 3));
        foreach (var compress in new[] { false, true })
        {
            NumpyArchive.Write(
                folder[compress ? "deflated.npz" : "stored.npz"],
                new Dictionary<string, NumpyArray>
                {
                    ["0.weight"] = NumpyArray.Of([1f, 0.1f], 1, 2),
                    ["gradient/0.bias"] = NumpyArray.Of([1, -2], 2),
                    ["loss"] = NumpyArray.Of([0.125]),
                    ["step"] = NumpyArray.Of([1L << 40], 1),
                    ["pixels"] = NumpyArray.Of(new byte[] { 0, 255 }, 2, 1),
                    ["empty"] = NumpyArray.Of(Array.Empty<float>(), 0, 3),
                },
                compress);
        }

        Python("""
            a = np.load('a.npy')
            assert a.dtype == np.float64 and a.shape == (2, 3) and a.flags.c_contiguous
            assert a.tobytes() == np.array([0.1, -0.0, np.inf, 5e-324, 3, 4]).tobytes()
            for name in ('stored.npz', 'deflated.npz'):
                z = np.load(name)
                assert z.files == ['0.weight', 'gradient/0.bias', 'loss', 'step', 'pixels', 'empty'], z.files
                assert z['0.weight'].dtype == np.float32 and (z['0.weight'] == np.array([[1, 0.1]], np.float32)).all()
                assert z['gradient/0.bias'].dtype == np.int32 and z['gradient/0.bias'].tolist() == [1, -2]
                assert z['loss'].shape == () and float(z['loss']) == 0.125
                assert z['step'].dtype == np.int64 and z['step'].tolist() == [1 << 40]
                assert z['pixels'].dtype == np.uint8 and z['pixels'].tolist() == [[0], [255]]
                assert z['empty'].shape == (0, 3)
            """);
    }

    [Fact]
    public void WhatNumpyWritesIsRead()
    {
        Python("""
            a = np.arange(24).reshape(2, 3, 4)
            np.savez('s.npz', c=a.astype('<f8'), f=np.asfortranarray(a.astype('<f4')), big=a.astype('>i4'), byte=a.astype('u1'),
                bigf=np.asfortranarray(a.astype('>f8')), scalar=np.float64(2.5), long=a.astype('<i8'), strided=a.astype('f4')[:, ::2])
            np.savez_compressed('d.npz', c=a.astype('<f8'))
            np.lib.format.write_array(open('v2.npy', 'wb'), a.astype('>i8'), version=(2, 0))
            np.lib.format.write_array(open('v3.npy', 'wb'), a.astype('f4'), version=(3, 0))
            np.savez('bad.npz', b=np.array([True]), o=np.array([None], dtype=object), h=np.zeros(3, np.float16))
            """);
        var expected = Enumerable.Range(0, 24).Select(i => (double)i).ToArray();
        using (var archive = NumpyArchive.Open(folder["s.npz"]))
        {
            foreach (var name in new[] { "c", "f", "big", "byte", "bigf", "long" })
            {
                Assert.Equal([2, 3, 4], archive.Read(name).Shape);
                Assert.Equal(expected, archive.Read(name).ToDoubles());
            }

            Assert.Equal([2.5], archive.Read("scalar").ToDoubles());
            Assert.Equal([2, 2, 4], archive.Read("strided").Shape);
            Assert.Equal(NumpyType.Float32, archive.Read("f").Type);
            Assert.Equal(NumpyType.Int32, archive.Read("big").Type);
        }

        using (var archive = NumpyArchive.Open(folder["d.npz"]))
        {
            Assert.Equal(expected, archive.Read("c").ToDoubles());
        }

        Assert.Equal(expected, NumpyFile.Read(folder["v2.npy"]).ToDoubles());
        Assert.Equal(expected, NumpyFile.Read(folder["v3.npy"]).ToDoubles());
        using (var archive = NumpyArchive.Open(folder["bad.npz"]))
        {
            Assert.Contains("bool", Assert.Throws<DataException>(() => archive.Read("b")).Message, StringComparison.Ordinal);
            Assert.Contains("object", Assert.Throws<DataException>(() => archive.Read("o")).Message, StringComparison.Ordinal);
            Assert.Contains("<f2", Assert.Throws<DataException>(() => archive.Read("h")).Message, StringComparison.Ordinal);
        }
    }

    private void Python(string script)
    {
        // The first python3 on the path may be one without NumPy; the system's own often has it.
        foreach (var interpreter in new[] { "python3", "/usr/bin/python3" })
        {
            if (Run(interpreter, "import numpy", out _) == 0)
            {
                Assert.True(Run(interpreter, "import numpy as np\n" + script, out var errors) == 0, errors);
                return;
            }
        }

        Assert.Skip("python3 with NumPy is not on this machine");
    }

    /// <summary>The exit code, or null if there is no such interpreter.</summary>
    private int? Run(string interpreter, string script, out string errors)
    {
        var start = new ProcessStartInfo(interpreter, ["-c", script])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            errors = "";
            return null;
        }
    }
}
