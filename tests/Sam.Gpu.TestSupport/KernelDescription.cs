using System.Reflection;

namespace Sam.Gpu.TestSupport;

/// <summary>What a kernel and its fields are called in the source.</summary>
internal static class KernelDescription
{
    /// <summary>The name of a kernel's type without its generic arguments.</summary>
    /// <param name="kernel">The type.</param>
    public static string Name(Type kernel) => kernel.Name.Split('`')[0];

    /// <summary>The fields of a kernel that hold a buffer, separated by commas; empty if there is none.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="buffer">The buffer.</param>
    public static string FieldsHolding(object kernel, object buffer) => string.Join(", ", Fields(kernel, buffer));

    private static IEnumerable<string> Fields(object holder, object buffer)
    {
        foreach (var field in holder.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            object? value = field.GetValue(holder);
            string name = Name(field);
            if (buffer.Equals(value))
            {
                yield return name;
            }
            else if (field.FieldType is { IsValueType: true, IsPrimitive: false } type && type != buffer.GetType() && value is not null)
            {
                foreach (string inner in Fields(value, buffer))
                {
                    yield return $"{name}.{inner}";
                }
            }
        }
    }

    // The compiler calls the field of a captured constructor parameter <name>P, and that of an automatic property <Name>k__BackingField.
    private static string Name(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
}
