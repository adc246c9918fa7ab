using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>Turns what was written into options, and gathers everything that is wrong on the way.</summary>
/// <param name="folder">What relative paths are relative to.</param>
internal sealed class OptionsCheck(string folder)
{
    private readonly ImmutableArray<string>.Builder errors = ImmutableArray.CreateBuilder<string>();

    /// <summary>Checks <paramref name="file"/>.</summary>
    public OptionsOutcome Check(OperatorFile file)
    {
        RefuseUnknown(string.Empty, file.Unknown, "dataDirectory, listen, tokenFile, masterKeyFile, keyEpoch and nats");
        var data = Text("dataDirectory", file.DataDirectory, "the folder of the resource store") is { } text ? Path.GetFullPath(text, folder) : null;
        var listen = Listen(file.Listen);
        var token = Token(file.TokenFile);
        var masterKey = Master(file.MasterKeyFile);
        var nats = Nats(file.Nats);
        if (file.KeyEpoch is < 1)
        {
            errors.Add($"keyEpoch: {file.KeyEpoch} is no epoch; they count from 1.");
        }

        return errors.Count > 0
            ? new OptionsOutcome.Invalid(errors.ToImmutable())
            : new OptionsOutcome.Loaded(new OperatorOptions
            {
                DataDirectory = data!, Listen = listen!, Token = token!, MasterKey = masterKey!, KeyEpoch = file.KeyEpoch ?? 1, Nats = nats!,
            });
    }

    private ListenAddress? Listen(string? written)
    {
        if (Text("listen", written, "where the API listens, such as http://127.0.0.1:8080 or unix:/run/fleet.sock") is not { } text)
        {
            return null;
        }

        if (!ListenAddress.TryParse(text, out var address, out var problem))
        {
            errors.Add($"listen: {problem}");
        }

        return address;
    }

    private BearerToken? Token(string? written)
    {
        if (Secret("tokenFile", written, "the file with the token of API calls") is not { } text)
        {
            return null;
        }

        if (!BearerToken.TryParse(text, out var token))
        {
            errors.Add($"tokenFile: the file holds no token; write one line of {BearerToken.MinLength} to {BearerToken.MaxLength} visible characters.");
        }

        return token;
    }

    private MasterKey? Master(string? written)
    {
        try
        {
            return Secret("masterKeyFile", written, "the file with the control plane's master key") is { } text ? MasterKey.Parse(text) : null;
        }
        catch (FormatException error)
        {
            errors.Add($"masterKeyFile: {error.Message}");
            return null;
        }
    }

    private OperatorNatsOptions? Nats(OperatorNatsFile? written)
    {
        if (written is null)
        {
            errors.Add("nats: it is missing; write {\"url\": ..., \"nkeySeedFile\": ...}.");
            return null;
        }

        RefuseUnknown("nats.", written.Unknown, "url, nkeySeedFile and caFile");
        var url = Url(written.Url);
        NKeyPair? login = null;
        if (Secret("nats.nkeySeedFile", written.NkeySeedFile, "the file with the operator's nkey seed") is { } seed
            && (!NKeyPair.TryParseSeed(seed, out login) || login.Kind != NKeyKind.User))
        {
            errors.Add("nats.nkeySeedFile: the file holds no seed of a user; it begins with SU and has 58 characters.");
        }

        var authorities = written.CaFile is { Length: > 0 } file ? Path.GetFullPath(file, folder) : null;
        if (authorities is not null && !File.Exists(authorities))
        {
            errors.Add($"nats.caFile: there is no file {authorities}.");
        }

        return url is null || login is null ? null : new OperatorNatsOptions { Url = url, Login = login, CaFile = authorities };
    }

    private Uri? Url(string? written)
    {
        if (Text("nats.url", written, "the NATS server, such as nats://127.0.0.1:4222") is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "nats" or "tls" && url.Host.Length > 0 && url.UserInfo.Length == 0)
        {
            return url;
        }

        errors.Add($"nats.url: '{text}' is no NATS server; write nats://host:port or tls://host:port, without a user.");
        return null;
    }

    private string? Text(string setting, string? written, string meaning)
    {
        if (!string.IsNullOrWhiteSpace(written))
        {
            return written;
        }

        errors.Add($"{setting}: it is missing; it says {meaning}.");
        return null;
    }

    private string? Secret(string setting, string? written, string meaning)
    {
        if (Text(setting, written, meaning) is not { } text)
        {
            return null;
        }

        var content = SecretFile.Read(Path.GetFullPath(text, folder), out var problem);
        if (content is null)
        {
            errors.Add($"{setting}: {problem}");
        }

        return content;
    }

    private void RefuseUnknown(string prefix, Dictionary<string, JsonElement>? unknown, string known) =>
        errors.AddRange((unknown ?? []).Keys.Select(name => $"{prefix}{name}: there is no such setting; there are {known}."));
}
