using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Bench.Floods;

/// <summary>
/// Authentic documents, each of which differs from the one before in all that would make the operator write: labels, inventory, health, nonce; phase, refusal, held manifest; the running
/// agent. Between them old ones, and some that nobody can read. All but the number is made once: the flood must not take the processor from whom is measured.
/// </summary>
internal sealed class HostileDocuments
{
    /// <summary>A label that it reports in the end.</summary>
    public const string LastMood = "tired";

    private const int Epoch = 1;

    /// <summary>More is not stored of a heartbeat, whoever puts it: its headers are counted, too.</summary>
    private const int MostOfABeat = 3_900;

    /// <summary>As many digits as each number of the flood has.</summary>
    private const long FirstNumber = 1_000_000_000_000;

    private readonly DeviceId device;
    private readonly byte[] key;
    private readonly long boot;
    private readonly Document[] turns;
    private long number = FirstNumber;

    public HostileDocuments(DeviceId device, MasterKey master, DeploymentReport deployment, int bytes, TimeProvider time)
    {
        (this.device, key, boot) = (device, master.DeviceKeys(device, Epoch).Up, time.GetUtcNow().ToUnixTimeSeconds());
        var now = time.GetUtcNow();
        turns =
        [
            Report(now, deployment, bytes, isOdd: true), Info(now, bytes, isOdd: true), Beat(now, boot, "one", bytes),
            Report(now, deployment, bytes, isOdd: false), Info(now, bytes, isOdd: false), Beat(now, boot, "two", bytes),
            Beat(now, boot - 1, "three", bytes), Garbage(bytes), Unsigned(Report(now, deployment, bytes, isOdd: true)),
        ];
        First = [Info(now, 0, isOdd: false), Report(now, deployment, 0, isOdd: false), Beat(now, boot, "one", 0)];
        Last = [Info(now, 0, isOdd: false, LastMood), Report(now, deployment, 0, isOdd: false, Phase.Pulling), Beat(now, boot, "one", 0)];
    }

    /// <summary>What it says before the flood: all runs.</summary>
    public ImmutableArray<Document> First { get; }

    /// <summary>What it says after it, and not before.</summary>
    public ImmutableArray<Document> Last { get; }

    /// <summary>The document of a turn.</summary>
    public Document Turn(long turn) => turns[turn % turns.Length];

    /// <summary>The next version of a document, and its MAC.</summary>
    public (byte[] Bytes, string? Mac) Next(Document document)
    {
        var bytes = document.Bytes;
        if (document.NumberAt >= 0)
        {
            bytes = [.. document.Bytes];
            (++number).TryFormat(bytes.AsSpan(document.NumberAt), out _, provider: CultureInfo.InvariantCulture);
        }

        return (bytes, document.IsSigned ? MessageMac.Sign(key, Epoch, document.Kind, device, bytes) : "none");
    }

    private static string Text(int length) => new('x', Math.Max(0, length));

    private static Document Of(string bucket, string kind, byte[] bytes) =>
        new(bucket, kind, bytes, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(FirstNumber.ToString(CultureInfo.InvariantCulture))), IsSigned: true);

    /// <summary>Fills a document with text up to its size.</summary>
    private static Document Fill(int bytes, Func<string, Document> make) => make(Text(bytes - make(string.Empty).Bytes.Length));

    private static Document Garbage(int bytes) => new(BucketNames.DeviceState, MessageKinds.Report, Encoding.ASCII.GetBytes("{" + Text(bytes - 1)), -1, IsSigned: true);

    private static Document Unsigned(Document document) => document with { IsSigned = false };

    private Document Info(DateTimeOffset now, int bytes, bool isOdd, string mood = "calm") => Fill(bytes, text => Of(
        BucketNames.DeviceInfo,
        MessageKinds.Info,
        JsonSerializer.SerializeToUtf8Bytes(
            new DeviceInfo
            {
                Device = device,
                Instance = "one",
                CommandNonce = isOdd ? "odd" : "even",
                Boot = boot,
                Sequence = FirstNumber,
                At = now,
                AgentVersion = isOdd ? "9.9.9" : "0.1.0",
                Labels = ImmutableSortedDictionary<string, string>.Empty.Add("mood", isOdd ? "wild" : mood).Add("no label " + (isOdd ? "odd" : "even"), "?"),
                Inventory = new() { Hostname = isOdd ? "odd" : "even", Kernel = text },
                HealthFlags = isOdd ? ["PodmanUnavailable"] : [],
            },
            ContractsJson.Bus.DeviceInfo)));

    private Document Report(DateTimeOffset now, DeploymentReport deployment, int bytes, bool isOdd, Phase phase = Phase.Running) => Fill(bytes, text => Of(
        BucketNames.DeviceState,
        MessageKinds.Report,
        JsonSerializer.SerializeToUtf8Bytes(
            new DeviceReport
            {
                Device = device,
                Instance = "one",
                Boot = boot,
                Sequence = FirstNumber,
                At = now,
                ManifestGeneration = isOdd ? new Generation(1, 1) : null,
                ManifestDigest = isOdd ? deployment.ScoreDigest : null,
                Refusal = isOdd ? new() { Reason = RefusalReason.BadMac, Message = "odd " + text, At = now } : bytes == 0 ? null : new() { Reason = RefusalReason.TooNew, Message = "even " + text, At = now },
                Deployments = [deployment with { Phase = isOdd ? Phase.Failed : phase, LastError = isOdd ? "odd" : null }],
            },
            ContractsJson.Bus.DeviceReport)));

    private Document Beat(DateTimeOffset now, long start, string instance, int bytes) => Fill(Math.Min(bytes, MostOfABeat), text => Of(
        BucketNames.DeviceHeartbeat,
        MessageKinds.Heartbeat,
        JsonSerializer.SerializeToUtf8Bytes(new Heartbeat { Device = device, Instance = instance + text, Boot = start, Sequence = FirstNumber, At = now }, ContractsJson.Bus.Heartbeat)));

    /// <summary>A document but for its number.</summary>
    /// <param name="Bucket">Where it is put.</param>
    /// <param name="Kind">What it is signed as.</param>
    /// <param name="Bytes">It.</param>
    /// <param name="NumberAt">Where its number stands; negative for nowhere.</param>
    /// <param name="IsSigned">Whether its MAC is right.</param>
    internal sealed record Document(string Bucket, string Kind, byte[] Bytes, int NumberAt, bool IsSigned);
}
