using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Wire;

namespace Harmony.Fleet.Tests.Contracts.Json;

/// <summary>Whatever bytes arrive, a parser answers with a document or a <see cref="JsonException"/>, and nothing else.</summary>
public sealed class HostileDocumentTests
{
    public static TheoryData<string> Samples => ["manifest", "report", "info", "heartbeat", "command", "frame", "score", "deployment"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Parse_EveryTruncation_NeverThrowsOtherwise(string sample)
    {
        var bytes = Golden(sample);
        for (var length = 0; length < bytes.Length; length++)
        {
            Parse(sample, bytes.AsSpan(0, length).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Parse_SeededMutations_NeverThrowOtherwise(string sample)
    {
        var golden = Golden(sample);
        var random = new Random(20261121);
        for (var round = 0; round < 5000; round++)
        {
            var bytes = golden.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Parse(sample, bytes);
        }
    }

    [Theory]
    [InlineData("""{"device":"../x","generation":{"term":1,"counter":1}}""")]
    [InlineData("""{"device":"a.b","generation":{"term":1,"counter":1}}""")]
    [InlineData("""{"device":null,"generation":{"term":1,"counter":1}}""")]
    [InlineData("""{"device":"a","generation":{"term":1e400,"counter":1}}""")]
    [InlineData("""{"device":"a","generation":{"term":9999999999999999999,"counter":1}}""")]
    [InlineData("""{"generation":{"term":1,"counter":1}}""")]
    public void Manifest_Impossible_IsAJsonException(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(json, ContractsJson.Bus.DeviceManifest));

    /// <summary>What .NET takes for a name, and nobody else does.</summary>
    [Theory]
    [InlineData("Running", Phase.Running)]
    [InlineData("Running,Failed", Phase.Unknown)]
    [InlineData("Pulling,Running", Phase.Unknown)]
    [InlineData(" Running", Phase.Unknown)]
    [InlineData("+1", Phase.Unknown)]
    [InlineData("1", Phase.Unknown)]
    [InlineData("running", Phase.Unknown)]
    [InlineData("", Phase.Unknown)]
    public void Enum_IsOneExactName(string text, Phase read)
    {
        var reader = new Utf8JsonReader(JsonSerializer.SerializeToUtf8Bytes(text));
        reader.Read();
        new TolerantEnumConverter<Phase>().Read(ref reader, typeof(Phase), JsonSerializerOptions.Default).ShouldBe(read);
    }

    [Fact]
    public void Parse_TooDeep_IsAJsonException()
    {
        var deep = Encoding.UTF8.GetBytes("{\"later\":" + new string('[', 5000) + new string(']', 5000) + "}");
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(deep, ContractsJson.Bus.DeviceReport));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(deep, ContractsJson.Resources.Deployment));
    }

    private static byte[] Golden(string sample) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", sample + ".json"));

    private static void Parse(string sample, byte[] bytes)
    {
        try
        {
            _ = sample switch
            {
                "manifest" => (object?)JsonSerializer.Deserialize(bytes, ContractsJson.Bus.DeviceManifest),
                "report" => JsonSerializer.Deserialize(bytes, ContractsJson.Bus.DeviceReport),
                "info" => JsonSerializer.Deserialize(bytes, ContractsJson.Bus.DeviceInfo),
                "heartbeat" => JsonSerializer.Deserialize(bytes, ContractsJson.Bus.Heartbeat),
                "command" => JsonSerializer.Deserialize(bytes, ContractsJson.Bus.Command),
                "frame" => JsonSerializer.Deserialize(bytes, ContractsJson.Bus.ReplyFrame),
                "score" => JsonSerializer.Deserialize(bytes, ContractsJson.Scores.ReconcileScore),
                _ => JsonSerializer.Deserialize(bytes, ContractsJson.Resources.Deployment),
            };
        }
        catch (JsonException)
        {
            // The one expected answer to bad bytes.
        }
    }
}
