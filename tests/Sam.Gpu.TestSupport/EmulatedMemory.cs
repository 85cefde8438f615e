using System.Runtime.CompilerServices;
using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.TestSupport;

/// <summary>Memory of an <see cref="EmulatedDevice{V}"/>: numbers, each with its shadow.</summary>
/// <typeparam name="V">The lane.</typeparam>
internal sealed class EmulatedMemory<V>(EmulatedDevice<V> device, string name, int length) : DeviceMemory(device, name, length)
    where V : unmanaged, ILane<V>
{
    private Element[]? elements = new Element[length];

    /// <summary>The numbers; null when the memory is freed.</summary>
    public Element[]? Elements => elements;

    protected override void Dispose(bool disposing) => elements = null;

    /// <summary>A number and its shadow.</summary>
    public struct Element
    {
        public V Value;
        public ElementShadow Shadow;

        /// <summary>The number as the host sees it.</summary>
        public double Number
        {
            readonly get
            {
                V value = Value;
                return V.IsDouble ? Unsafe.As<V, double>(ref value) : Unsafe.As<V, float>(ref value);
            }

            set => Value = V.Constant(value);
        }
    }
}
