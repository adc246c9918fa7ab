using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Agent.Hosting;

/// <summary>Reads <c>agent.json</c> and the files that it names, and tells everything that is wrong at once. Paths are relative to its folder.</summary>
internal sealed class OptionsReader
{
    private const int MaxFileBytes = 64 * 1024;
    private const int KeyBytes = 32;
    private const int MaxSocketBytes = 107;

    private readonly string file;
    private readonly string folder;
    private readonly ImmutableArray<string>.Builder errors = ImmutableArray.CreateBuilder<string>();

    private OptionsReader(string file)
    {
        this.file = Path.GetFullPath(file);
        folder = Path.GetDirectoryName(this.file)!;
    }

    /// <summary>Reads the settings in <paramref name="file"/>.</summary>
    public static OptionsOutcome Read(string file) => new OptionsReader(file).Read();

    private OptionsOutcome Read()
    {
        if (Parse(file, SettingsJson.Default.AgentSettings) is not { } settings)
        {
            return new OptionsOutcome.Invalid(errors.ToImmutable());
        }

        var device = Device(settings.DeviceId);
        var nats = settings.Nats ?? new AgentSettings.NatsSettings();
        var options = new AgentOptions
        {
            Device = device,
            Keys = Keys(Required(settings.KeyFile, "keyFile"), device),
            StateDirectory = At(Required(settings.StateDirectory, "stateDirectory")),
            NatsUrl = Url(Required(nats.Url, "nats.url")),
            NKeySeed = Seed(Required(nats.NKeySeedFile, "nats.nkeySeedFile")),
            CaFile = Existing(nats.CaFile, "nats.caFile"),
            PodmanSocket = Socket(settings.Podman?.Socket ?? Adapters.Podman.PodmanOptions.DefaultSocketPath),
            PullTimeout = Minutes(settings.Podman?.PullTimeoutMinutes, "podman.pullTimeoutMinutes", 10080, 360),
            Labels = ReportedLabels.Check(settings.Labels, errors.Add),
            ResyncInterval = Seconds(settings.ResyncSeconds, "resyncSeconds", 3600, 30),
            ManifestInterval = Seconds(settings.ManifestSeconds, "manifestSeconds", 86400, 600),
            HeartbeatInterval = Seconds(settings.HeartbeatSeconds, "heartbeatSeconds", 3600, 30),
            Concurrency = Concurrency(settings.Concurrency),
        };
        return errors.Count == 0 ? new OptionsOutcome.Valid(options) : new OptionsOutcome.Invalid(errors.ToImmutable());
    }

    private string Required(string? value, string name)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            errors.Add($"'{name}' is missing in {file}.");
        }

        return value ?? string.Empty;
    }

    private string At(string path) => path.Length == 0 ? path : Path.GetFullPath(path, folder);

    private DeviceId Device(string? text)
    {
        if (!DeviceId.TryParse(text, out var device) && Required(text, "deviceId").Length > 0)
        {
            errors.Add($"'deviceId' in {file} is '{text}', which is no device id: use {DnsLabel.Rule}.");
        }

        return device;
    }

    private string Url(string text)
    {
        var isUsable = Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "nats" or "tls", Host.Length: > 0, UserInfo: "" };
        if (text.Length > 0 && !isUsable)
        {
            errors.Add($"'nats.url' in {file} is no address of a NATS server: write nats://host:port or tls://host:port, without a user.");
        }

        return text;
    }

    private string? Existing(string? path, string name)
    {
        if (path is not null && !File.Exists(At(path)))
        {
            errors.Add($"'{name}' in {file} names '{At(path)}', and there is no such file.");
        }

        return path is null ? null : At(path);
    }

    private string Socket(string path)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(At(path)) > MaxSocketBytes)
        {
            errors.Add($"'podman.socket' in {file} is longer than the {MaxSocketBytes} bytes that a unix socket's path may have.");
        }

        return At(path);
    }

    private string Seed(string path)
    {
        var seed = path.Length == 0 ? null : Text(At(path))?.Trim();
        if (seed is null)
        {
            return string.Empty;
        }

        if (NKeyPair.TryParseSeed(seed, out var pair))
        {
            pair.Dispose();
        }
        else
        {
            errors.Add($"The file '{At(path)}' holds no NATS seed (a line that begins with SU).");
        }

        return seed;
    }

    private DeviceKeys Keys(string path, DeviceId device)
    {
        var none = new DeviceKeys(1, [], []);
        if (path.Length == 0 || Parse(At(path), SettingsJson.Default.KeyFile) is not { } keys)
        {
            return none;
        }

        if (keys.Device != device.Value && device != default)
        {
            errors.Add($"The keys in '{At(path)}' are those of device '{keys.Device}', not of '{device}'.");
        }

        if (keys.Epoch < 1 || Key(keys.DownKey) is not { } down || Key(keys.UpKey) is not { } up)
        {
            errors.Add($"The file '{At(path)}' holds no keys: epoch (from 1), downKey and upKey ({KeyBytes} bytes each, base64) are expected.");
            return none;
        }

        return new DeviceKeys(keys.Epoch, down, up);
    }

    private static byte[]? Key(string? base64)
    {
        var key = new byte[KeyBytes + 1];
        return base64 is not null && Convert.TryFromBase64String(base64, key, out var length) && length == KeyBytes ? key[..KeyBytes] : null;
    }

    private TimeSpan Seconds(double? value, string name, int max, int otherwise) => TimeSpan.FromSeconds(Number(value, name, max, otherwise));

    private TimeSpan Minutes(double? value, string name, int max, int otherwise) => TimeSpan.FromMinutes(Number(value, name, max, otherwise));

    private double Number(double? value, string name, int max, int otherwise)
    {
        if (value is { } number && !(number >= 1 && number <= max))
        {
            errors.Add($"'{name}' in {file} is {number}: it must be from 1 to {max}.");
            return otherwise;
        }

        return value ?? otherwise;
    }

    private int Concurrency(int? value)
    {
        if (value is < 1 or > 4)
        {
            errors.Add($"'concurrency' in {file} is {value}: it must be from 1 to 4.");
        }

        return value ?? 2;
    }

    private T? Parse<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        if (Text(path) is not { } text)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            errors.Add($"The file '{path}' cannot be used: {error.Message}");
            return null;
        }
    }

    private string? Text(string path)
    {
        try
        {
            if (new FileInfo(path).Length <= MaxFileBytes)
            {
                return File.ReadAllText(path);
            }

            errors.Add($"The file '{path}' is larger than {MaxFileBytes} bytes.");
        }
        catch (UnauthorizedAccessException)
        {
            errors.Add($"The file '{path}' may not be read by user '{Environment.UserName}'.");
        }
        catch (IOException error)
        {
            errors.Add(error is FileNotFoundException or DirectoryNotFoundException
                ? $"There is no file '{path}'."
                : $"The file '{path}' cannot be read: {error.Message}");
        }

        return null;
    }
}
