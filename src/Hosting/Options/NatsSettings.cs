using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Hosting.Options;

/// <summary>How to reach NATS, as it is written in a file of settings.</summary>
public sealed record NatsSettings
{
    /// <summary>
    /// <c>nats://host:port</c>, <c>tls://host:port</c>, or where only HTTPS passes <c>wss://host:port</c> (<c>ws://</c> without TLS); of a cluster all its
    /// servers, with commas between. Required.
    /// </summary>
    public string? Url { get; init; }

    /// <summary>The file with the seed of the program's NATS user (<c>SU...</c>). Required.</summary>
    [JsonPropertyName("nkeySeedFile")]
    public string? NKeySeedFile { get; init; }

    /// <summary>PEM file of the authorities to trust for the server's certificate; null for the system's.</summary>
    public string? CaFile { get; init; }
}

/// <summary>How to reach NATS, valid.</summary>
public sealed class NatsAccess
{
    /// <summary>The most servers that one link may name.</summary>
    public const int MaxServers = 16;

    /// <summary>The servers: one, or all of a cluster.</summary>
    public required ImmutableArray<Uri> Servers { get; init; }

    /// <summary>The seed of the program's NATS user.</summary>
    public required string Seed { get; init; }

    /// <summary>PEM file of the authorities to trust, absolute; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>The servers, as they are written.</summary>
    public string Url => string.Join(',', Servers);

    /// <summary>Never the seed.</summary>
    public override string ToString() => $"NatsAccess {{ Url = {Url}, Seed = *** }}";

    /// <summary>Checks what was written in <c>nats</c>.</summary>
    /// <param name="written">It; null where it is missing.</param>
    /// <param name="isUserSeed">Whether a text is the seed of a NATS user.</param>
    /// <param name="check">Is told what is wrong.</param>
    /// <returns>The link; null where something is wrong.</returns>
    public static NatsAccess? Check(NatsSettings? written, Predicate<string> isUserSeed, OptionsCheck check)
    {
        if (written is null)
        {
            check.Error("nats", "it is missing; write {\"url\": ..., \"nkeySeedFile\": ...}.");
            return null;
        }

        var servers = CheckUrl(written.Url, check);
        var seed = check.Secret("nats.nkeySeedFile", written.NKeySeedFile, "the file with the seed of this program's NATS user")?.Trim();
        if (seed is not null && !isUserSeed(seed))
        {
            check.Error("nats.nkeySeedFile", "the file holds no seed of a user; it begins with SU and has 58 characters.");
        }

        var authorities = check.OptionalFile("nats.caFile", written.CaFile);
        if (authorities is not null && servers.Any(server => server.Scheme == "ws"))
        {
            check.Error("nats.caFile", "it demands TLS, and a nats.url that begins with ws:// does none: write wss://, or leave the authorities out.");
        }

        return servers.IsEmpty || seed is null ? null : new NatsAccess { Servers = servers, Seed = seed, CaFile = authorities };
    }

    /// <returns>The servers; none where something is wrong.</returns>
    private static ImmutableArray<Uri> CheckUrl(string? written, OptionsCheck check)
    {
        if (check.Text("nats.url", written, "the NATS server, such as nats://127.0.0.1:4222") is not { } text)
        {
            return [];
        }

        var servers = text.Split(',', StringSplitOptions.TrimEntries).Select(Server).ToList();
        if (servers.Contains(null))
        {
            // Not repeated: it may hold a password.
            check.Error("nats.url", "it is no NATS server; write nats://host:port, tls://host:port, or wss://host:port where only HTTPS passes, without a user, and commas between several.");
            return [];
        }

        if (servers.Count > MaxServers)
        {
            check.Error("nats.url", $"it names {servers.Count} servers; name {MaxServers} of them at the most.");
            return [];
        }

        return [.. servers!];
    }

    private static Uri? Server(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "nats" or "tls" or "ws" or "wss", Host.Length: > 0, UserInfo: "" } ? url : null;
}
