using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Hosting.Options;

namespace Harmony.Fleet.Agent.Options;

/// <summary>Reads <c>agent.json</c> and the files that it names.</summary>
internal static class AgentOptionsReader
{
    private const int KeyBytes = 32;
    private const int MaxConcurrency = 4;

    /// <summary>Reads the settings in <paramref name="file"/>.</summary>
    public static OptionsOutcome<AgentOptions> Read(string file) => OptionsFile.Load(file, SettingsJson.Default.AgentSettings, Check);

    private static AgentOptions? Check(AgentSettings settings, OptionsCheck check)
    {
        var device = Device(settings.DeviceId, check);
        var state = check.Path("stateDirectory", settings.StateDirectory, "the folder of what the agent must remember");
        var keys = Keys(settings.KeyFile, device, check);
        var nats = NatsAccess.Check(settings.Nats, IsUserSeed, check);
        var defaults = new PodmanOptions();
        var socket = check.Socket("podman.socket", settings.Podman?.Socket ?? defaults.SocketPath);
        var pull = check.Number("podman.pullTimeoutMinutes", settings.Podman?.PullTimeoutMinutes, 7 * 24 * 60, defaults.PullTimeout.TotalMinutes);
        var labels = ReportedLabels.Check(settings.Labels, problem => check.Error("labels", problem));
        var resync = check.Number("resyncSeconds", settings.ResyncSeconds, 3600, AgentOptions.DefaultResyncInterval.TotalSeconds);
        var manifest = check.Number("manifestSeconds", settings.ManifestSeconds, 24 * 3600, AgentOptions.DefaultManifestInterval.TotalSeconds);
        var heartbeat = check.Number("heartbeatSeconds", settings.HeartbeatSeconds, 3600, AgentOptions.DefaultHeartbeatInterval.TotalSeconds);
        var concurrency = (int)check.Number("concurrency", settings.Concurrency, MaxConcurrency, AgentOptions.DefaultConcurrency);
        return device is null || state is null || keys is null || nats is null ? null : new AgentOptions
        {
            Device = device.Value,
            Keys = keys,
            StateDirectory = state,
            Nats = nats,
            PodmanSocket = socket,
            PullTimeout = TimeSpan.FromMinutes(pull),
            Labels = labels,
            ResyncInterval = TimeSpan.FromSeconds(resync),
            ManifestInterval = TimeSpan.FromSeconds(manifest),
            HeartbeatInterval = TimeSpan.FromSeconds(heartbeat),
            Concurrency = concurrency,
        };
    }

    private static DeviceId? Device(string? written, OptionsCheck check)
    {
        if (check.Text("deviceId", written, $"which device this is: use {DnsLabel.Rule}") is not { } text)
        {
            return null;
        }

        if (DeviceId.TryParse(text, out var device))
        {
            return device;
        }

        check.Error("deviceId", $"'{text}' is no device id: use {DnsLabel.Rule}.");
        return null;
    }

    private static bool IsUserSeed(string text)
    {
        var isSeed = NKeyPair.TryParseSeed(text, out var pair);
        using (pair)
        {
            return isSeed && pair!.Kind == NKeyKind.User;
        }
    }

    private static DeviceKeys? Keys(string? written, DeviceId? device, OptionsCheck check)
    {
        if (check.Secret("keyFile", written, "the file with the device's keys", SettingsJson.Default.DeviceKeyFile) is not { } keys)
        {
            return null;
        }

        if (device is { } id && keys.Device != id.Value)
        {
            check.Error("keyFile", $"its keys are those of device '{keys.Device}', not of '{id}'.");
        }

        if (keys.Epoch is >= 1 and { } epoch && Key(keys.DownKey) is { } down && Key(keys.UpKey) is { } up)
        {
            return new DeviceKeys(epoch, down, up);
        }

        check.Error("keyFile", $"it holds no keys: epoch (from 1), downKey and upKey ({KeyBytes} bytes each, base64) are expected.");
        return null;
    }

    private static byte[]? Key(string? base64)
    {
        var key = new byte[KeyBytes + 1];
        return base64 is not null && Convert.TryFromBase64String(base64, key, out var length) && length == KeyBytes ? key[..KeyBytes] : null;
    }
}
