using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Contracts.Files;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Deploy.Configs;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Keys;

/// <summary>Where keys are kept.</summary>
internal static class KeyPaths
{
    /// <summary>The control plane's master key.</summary>
    public const string Master = "keys/master.key";

    /// <summary>The operator's nkey seed.</summary>
    public const string OperatorSeed = "keys/operator.nk";

    /// <summary>The token of the operator's API.</summary>
    public const string ApiToken = "keys/api.token";

    /// <summary>What the servers of a NATS cluster show each other.</summary>
    public const string NatsRoute = "keys/nats-route.secret";

    /// <summary>A device's nkey seed: made on the device, it never leaves it.</summary>
    public static string DeviceSeed(DeviceId device) => $"devices/{device}/device.nk";

    /// <summary>The keys that a device shares with the control plane.</summary>
    public static string DeviceKeys(DeviceId device) => $"devices/{device}/device.key";
}

/// <summary>Keys are made once and kept. One that is damaged is told, never replaced: what it protects would be lost with it.</summary>
/// <typeparam name="T">A place with files.</typeparam>
internal sealed class KeyStore<T>(T place)
    where T : IHasFiles
{
    /// <summary>The epoch of the keys that devices are given.</summary>
    public const int Epoch = 1;

    private const string Restore = "put it back from a backup: fleet restore FILE --replace";

    /// <summary>What a device holds alone is made anew: NATS is told its public half at each start, and the master key tells what is shared.</summary>
    private const string Remake = "move that file away, and nothing else: fleet up makes it anew, and nothing is lost; or restore it from a backup";

    /// <summary>The master key.</summary>
    public async Task<Outcome<MasterKey>> MasterAsync(CancellationToken cancellationToken)
    {
        var text = await KeepAsync(KeyPaths.Master, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Length)), cancellationToken);
        if (!text.IsOk)
        {
            return text.Fault;
        }

        try
        {
            return MasterKey.Parse(text.Value);
        }
        catch (FormatException)
        {
            return Damaged(KeyPaths.Master, "master key");
        }
    }

    /// <summary>The token of the operator's API.</summary>
    public async Task<Outcome<string>> ApiTokenAsync(CancellationToken cancellationToken)
    {
        var text = await KeepAsync(KeyPaths.ApiToken, () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), cancellationToken);
        return !text.IsOk || (text.Value.Length >= 32 && !text.Value.AsSpan().ContainsAnyExceptInRange('!', '~')) ? text : Damaged(KeyPaths.ApiToken, "token");
    }

    /// <summary>What the servers of a NATS cluster show each other.</summary>
    public async Task<Outcome<string>> NatsRouteAsync(CancellationToken cancellationToken)
    {
        var text = await KeepAsync(KeyPaths.NatsRoute, () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), cancellationToken);
        return !text.IsOk || (text.Value.Length >= 32 && text.Value.All(char.IsAsciiLetterOrDigit)) ? text : Damaged(KeyPaths.NatsRoute, "secret", Remake);
    }

    /// <summary>The public half of the operator's nkey.</summary>
    public Task<Outcome<string>> OperatorPublicKeyAsync(CancellationToken cancellationToken) => PublicKeyAsync(KeyPaths.OperatorSeed, Restore, cancellationToken);

    /// <summary>The public half of a device's nkey.</summary>
    public Task<Outcome<string>> DevicePublicKeyAsync(DeviceId device, CancellationToken cancellationToken) =>
        PublicKeyAsync(KeyPaths.DeviceSeed(device), Remake, cancellationToken);

    /// <summary>Makes sure that the device holds the keys that belong to <paramref name="master"/>.</summary>
    /// <returns>Null, or why it does not.</returns>
    public async Task<Fault?> HandOverAsync(DeviceId device, MasterKey master, CancellationToken cancellationToken)
    {
        var name = KeyPaths.DeviceKeys(device);
        var expected = FileOf(device, master.DeviceKeys(device, Epoch));
        var bytes = await HeldAsync(name, cancellationToken);
        if (!bytes.IsOk)
        {
            return bytes.Fault;
        }

        if (bytes.Value is null)
        {
            return await place.WriteAsync(name, JsonSerializer.SerializeToUtf8Bytes(expected, ConfigJson.Default.DeviceKeyFile), cancellationToken);
        }

        try
        {
            return JsonSerializer.Deserialize(bytes.Value, ConfigJson.Default.DeviceKeyFile) == expected
                ? null
                : new Fault(FaultKind.Conflict, $"{place.PathOf(name)} does not belong to this control plane's master key ({place.PathOf(KeyPaths.Master)})", Restore);
        }
        catch (JsonException)
        {
            return Damaged(name, "keys of a device", Remake);
        }
    }

    private static DeviceKeyFile FileOf(DeviceId device, DeviceKeys keys) =>
        new() { Device = device.Value, Epoch = keys.Epoch, DownKey = Convert.ToBase64String(keys.Down), UpKey = Convert.ToBase64String(keys.Up) };

    private async Task<Outcome<string>> PublicKeyAsync(string name, string advice, CancellationToken cancellationToken)
    {
        var seed = await KeepAsync(name, NewSeed, cancellationToken);
        if (!seed.IsOk)
        {
            return seed.Fault;
        }

        if (!NKeyPair.TryParseSeed(seed.Value, out var pair))
        {
            return Damaged(name, "nkey seed", advice);
        }

        using (pair)
        {
            return pair.PublicKey;
        }
    }

    private static string NewSeed()
    {
        using var pair = NKeyPair.Create(NKeyKind.User);
        return pair.RevealSeed();
    }

    /// <summary>The text of the file; <paramref name="make"/> makes it where there is none.</summary>
    private async Task<Outcome<string>> KeepAsync(string name, Func<string> make, CancellationToken cancellationToken)
    {
        var bytes = await HeldAsync(name, cancellationToken);
        if (!bytes.IsOk)
        {
            return bytes.Fault;
        }

        if (bytes.Value is not null)
        {
            return Encoding.UTF8.GetString(bytes.Value).Trim();
        }

        var text = make();
        return await place.WriteAsync(name, Encoding.UTF8.GetBytes(text + "\n"), cancellationToken) is { } fault ? fault : text;
    }

    /// <summary>What is in the file; null where there is none. An empty one is there: something emptied it.</summary>
    private async Task<Outcome<byte[]?>> HeldAsync(string name, CancellationToken cancellationToken)
    {
        var isThere = await place.HasAsync(name, cancellationToken);
        if (!isThere.IsOk || !isThere.Value)
        {
            return isThere.IsOk ? Outcome.Of<byte[]?>(null) : isThere.Fault;
        }

        var bytes = await place.ReadAsync(name, cancellationToken);
        return bytes.IsOk ? bytes.Value.ToArray() : bytes.Fault;
    }

    private Fault Damaged(string name, string what, string advice = Restore) => Fault.Permanent($"{place.PathOf(name)} holds no {what}: the file is damaged", advice);
}
