using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Tests.Core.Desired;

internal static class Samples
{
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    public static DeviceId Device(int number) => DeviceId.Parse($"pi-{number}");

    public static DeploymentKey Key(int number) => new(NamespaceName.Parse("default"), DeploymentName.Parse($"app-{number}"));

    public static Digest DigestOf(int version) => Digest.Of(BitConverter.GetBytes(version));

    public static Selector Selector(LabelSelector selector) =>
        ((SelectorOutcome.Compiled)Harmony.Fleet.Core.Selectors.Selector.TryCompile(selector)).Selector;

    public static Selector Group(string value) => Text($"group={value}");

    public static Selector Text(string text) => Selector(((SelectorTextOutcome.Parsed)SelectorText.Parse(text)).LabelSelector);

    public static ManifestEntry Entry(int number, int version, string uid = "u") => new()
    {
        Namespace = Key(number).Namespace,
        Name = Key(number).Name,
        Uid = uid,
        ScoreDigest = DigestOf(version),
        Address = DigestOf(version + 1_000_000),
        Key = new byte[32],
    };

    public static DeploymentIntent Intent(int number, Selector selector, int version = 1, string uid = "u", int age = 0) =>
        new(Key(number), Start.AddSeconds(age), selector, Entry(number, version, uid));

    public static LabelSet Labels(params (string Key, string Value)[] pairs) =>
        LabelSet.Of(pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));

    public static ReportedDeployment Says(int number, Phase phase, int version = 1, string uid = "u", DeviceError? error = null) =>
        new(Key(number), new ScoreIdentity(uid, DigestOf(version)), phase, error);

    public static DeviceError Error(int device, string message, int second) =>
        new() { Device = Device(device), Message = message, At = Start.AddSeconds(second) };
}
