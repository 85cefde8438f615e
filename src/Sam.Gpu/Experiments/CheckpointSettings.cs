using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Experiments;

/// <summary>What a checkpoint's numbers belong to: nothing that changes a bit of the run may be another when it is continued.</summary>
internal sealed class CheckpointSettings
{
    // Counts up when arrays are added, or mean something else.
    private const int Format = 1;

    private static readonly string[] TargetKeys = ["stop-loss", "stop-accuracy"];

    // What may be another when a run goes on: when it ends and is saved, and what changes no bit. The device is compared by its model.
    private static readonly string[] FreeKeys = ["steps", .. TargetKeys, "checkpoint-every", "device", "threads"];

    private readonly JsonObject content;

    private CheckpointSettings(JsonObject content) => this.content = content;

    /// <summary>The settings of a run.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="data">Its examples.</param>
    /// <param name="device">Its device.</param>
    /// <param name="status">How it ended, or null while it goes on.</param>
    public static CheckpointSettings Of(RunPlan plan, DataSet data, Device device, RunStatus? status) => new(new JsonObject
    {
        ["format"] = Format,
        ["samgpu"] = Version.Number,
        ["commit"] = Version.Commit,
        ["status"] = RunFolder.NameOf(status),
        ["device"] = device.Model,
        ["matrix-products"] = device.MatrixProductName,
        ["chunk"] = plan.Memory.Chunk,
        ["data-sha256"] = data.Hash,
        ["configuration"] = Recipe.ToJson(plan.Configuration),
    });

    /// <summary>The examples taken through the network at once.</summary>
    public int Chunk => int.Parse(Text("chunk"), CultureInfo.InvariantCulture);

    /// <summary>How the run ended, as <c>run.json</c> has it.</summary>
    public string Status => Text("status");

    /// <summary>Whether the loss and the accuracy at which to stop are those of a configuration.</summary>
    /// <param name="configuration">The configuration.</param>
    public bool HasTargetOf(RunConfiguration configuration) =>
        TargetKeys.All(name => Setting(name) == Written(ConfigurationKey.Find(name).Get(configuration)));

    /// <summary>The first key whose value is another in another configuration, and a run may not go on with; null if there is none.</summary>
    /// <param name="one">A configuration.</param>
    /// <param name="other">Another one; both are resolved.</param>
    public static ConfigurationKey? FindChange(RunConfiguration one, RunConfiguration other) =>
        ConfigurationKey.All.FirstOrDefault(key => !FreeKeys.Contains(key.Name) && Written(key.Get(one)) != Written(key.Get(other)));

    /// <summary>Reads settings from JSON.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="path">The file of the checkpoint, for messages.</param>
    /// <exception cref="DataException">It is none, or of another version of the program.</exception>
    public static CheckpointSettings Parse(ReadOnlySpan<byte> text, string path)
    {
        JsonObject? content = null;
        try
        {
            content = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            // Said below, with what was expected.
        }

        if (content is null)
        {
            throw new DataException($"The settings in '{path}' are no JSON object. The file is no checkpoint of samgpu: restore it.");
        }

        var settings = new CheckpointSettings(content);
        string found = $"{settings.Text("samgpu")} ({settings.Text("commit")}), format {settings.Text("format")}";
        string own = FormattableString.Invariant($"{Version.Number} ({Version.Commit}), format {Format}");
        return found == own
            ? settings
            : throw new DataException(
                $"'{path}' was written by samgpu {found}; this is {own}, which may compute other bits. Continue the run with the version "
                + "that began it, or begin it anew from its run.json.");
    }

    /// <summary>The settings as JSON in UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(content.ToJsonString());

    /// <summary>Throws where the numbers are of a run with another configuration.</summary>
    /// <param name="configuration">The configuration beside the checkpoint, resolved.</param>
    /// <param name="path">The file of the checkpoint, for messages.</param>
    /// <exception cref="DataException">They are.</exception>
    public void RequireConfiguration(RunConfiguration configuration, string path)
    {
        var own = Recipe.ToJson(configuration);
        foreach (var key in ConfigurationKey.All.Where(key => !FreeKeys.Contains(key.Name)))
        {
            var (expected, found) = (Written(own[key.Name]), Setting(key.Name));
            if (found != expected)
            {
                throw new DataException(
                    $"'{path}' is of a run with {key.Name} {found}; run.json beside it has {expected}. Put back the files that belong together.");
            }
        }
    }

    /// <summary>Throws where the numbers are of a run on other examples.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="path">The file of the checkpoint, for messages.</param>
    /// <exception cref="DataException">They are.</exception>
    public void RequireData(DataSet data, string path)
    {
        if (data.Hash != Text("data-sha256"))
        {
            throw new DataException(
                $"The data set {data.Name} is not the one of '{path}': expected the SHA-256 {Text("data-sha256")}, found {data.Hash}. "
                + "Give the folder of the data of that run with --data-root.");
        }
    }

    /// <summary>Throws where a device may compute other bits.</summary>
    /// <param name="device">The device.</param>
    /// <param name="path">The file of the checkpoint, for messages.</param>
    /// <exception cref="DeviceException">It may.</exception>
    public void RequireDevice(Device device, string path)
    {
        Require("device", device.Model);
        Require("matrix-products", device.MatrixProductName);

        void Require(string name, string found)
        {
            if (found != Text(name))
            {
                throw new DeviceException(
                    $"'{path}' is of a run with the {name} '{Text(name)}'; this is '{found}', which computes other bits. Continue the run "
                    + "where it began, with --device if there are several, or begin it anew from its run.json.");
            }
        }
    }

    // Numbers as they are written, which is the same for the same bits.
    private static string Written(JsonNode? value) => value?.ToJsonString() ?? "none";

    private string Setting(string key) => Written((content["configuration"] as JsonObject)?[key]);

    private string Text(string name) => content[name]?.ToString() ?? "";
}
