using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Hosting.Options;

namespace Harmony.Fleet.Operator.Options;

/// <summary>Reads <c>operator.json</c> and the files that it names.</summary>
internal static class OperatorOptionsReader
{
    private const int MinConnections = 16;
    private const int MostConnections = 100_000;

    /// <summary>Reads the settings in <paramref name="file"/>.</summary>
    public static OptionsOutcome<OperatorOptions> Read(string file) => OptionsFile.Load(file, OperatorFileJson.Default.OperatorFile, Check);

    private static OperatorOptions? Check(OperatorFile file, OptionsCheck check)
    {
        var data = check.Path("dataDirectory", file.DataDirectory, "the folder of the resource store");
        var listen = Listen(file.Listen, check);
        var token = Token(file.TokenFile, check);
        var masterKey = Master(file.MasterKeyFile, check);
        var nats = NatsAccess.Check(file.Nats, IsUserSeed, check);
        var telemetry = TelemetryOptionsReader.Check(file.Telemetry, check);
        if (file.KeyEpoch is < 1)
        {
            check.Error("keyEpoch", $"{file.KeyEpoch} is no epoch; they count from 1.");
        }

        if (file.BucketReplicas is not (null or 1 or 3 or 5))
        {
            check.Error("bucketReplicas", $"{file.BucketReplicas} is no number of replicas; write 1, 3 or 5: one more than an odd number can lose no more servers.");
        }

        if (file.MaxConnections is < MinConnections or > MostConnections)
        {
            check.Error("maxConnections", $"{file.MaxConnections} is too few or too many; write a number from {MinConnections} to {MostConnections}.");
        }

        return data is null || listen is null || token is null || masterKey is null || nats is null ? null : new OperatorOptions
        {
            DataDirectory = data, Listen = listen, Token = token, MasterKey = masterKey, KeyEpoch = file.KeyEpoch ?? 1, Nats = nats,
            BucketReplicas = file.BucketReplicas, MaxConnections = file.MaxConnections ?? OperatorOptions.DefaultMaxConnections, Telemetry = telemetry,
        };
    }

    private static ListenAddress? Listen(string? written, OptionsCheck check)
    {
        if (check.Text("listen", written, "where the API listens, such as http://127.0.0.1:8080 or unix:/run/fleet.sock") is not { } text)
        {
            return null;
        }

        if (!ListenAddress.TryParse(text, out var address, out var problem))
        {
            check.Error("listen", problem);
        }

        return address;
    }

    private static BearerToken? Token(string? written, OptionsCheck check)
    {
        if (check.Secret("tokenFile", written, "the file with the token of API calls") is not { } text)
        {
            return null;
        }

        if (!BearerToken.TryParse(text, out var token))
        {
            check.Error("tokenFile", $"the file holds no token; write one line of {BearerToken.MinLength} to {BearerToken.MaxLength} visible characters.");
        }

        return token;
    }

    private static MasterKey? Master(string? written, OptionsCheck check)
    {
        try
        {
            return check.Secret("masterKeyFile", written, "the file with the control plane's master key") is { } text ? MasterKey.Parse(text) : null;
        }
        catch (FormatException error)
        {
            check.Error("masterKeyFile", error.Message);
            return null;
        }
    }

    private static bool IsUserSeed(string text)
    {
        var isSeed = NKeyPair.TryParseSeed(text, out var pair);
        using (pair)
        {
            return isSeed && pair!.Kind == NKeyKind.User;
        }
    }
}
