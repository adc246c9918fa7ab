using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Core.Trust;

public sealed class CanonicalScoreTests
{
    private const string Full =
        """{"PodmanV0":{"containers":[{"name":"web","image":"a/b:1","command":["sh"],"args":["-c","x"],"env":[{"name":"A","value":""}],"ports":[{"containerPort":80,"hostPort":8080,"hostIP":"127.0.0.1","protocol":"TCP"}],"volumeMounts":[{"volume":"v","mountPath":"/v","readOnly":false}],"limits":{"memoryBytes":8388608,"cpuMillicores":100}}],"restartPolicy":"OnFailure","terminationGracePeriodSeconds":0}}""";

    [Fact]
    public void ToBytes_Minimal_IsTheGoldenText()
    {
        var score = new ReconcileScore { PodmanV0 = new() { Containers = [new() { Name = "web", Image = "localhost/hello-web:1" }] } };

        CanonicalScore.ToBytes(score).ShouldBe(TrustSamples.Plain);
    }

    [Fact]
    public void ToBytes_OfEveryField_IsTheGoldenText()
    {
        var parsed = Parse(Full).ShouldBeOfType<ScoreParseOutcome.Parsed>();

        Encoding.UTF8.GetString(CanonicalScore.ToBytes(parsed.Score)).ShouldBe(Full);
    }

    [Theory]
    [InlineData("""{"PodmanV0":{"containers":[],"gpu":1}}""", "PodmanV0.gpu")]
    [InlineData("""{"PodmanV0":{"containers":[{"name":"a"},{"securityContext":{}}]}}""", "PodmanV0.containers[1].securityContext")]
    [InlineData("""{"PodmanV0":{"containers":[{"env":[{"valueFrom":{}}]}]}}""", "PodmanV0.containers[0].env[0].valueFrom")]
    [InlineData("""{"WasmV0":{}}""", "WasmV0")]
    [InlineData("""{"PodmanV0":{"restartPolicy":"Sometimes"}}""", "PodmanV0.restartPolicy")]
    public void Parse_UnknownField_NamesItWithItsPath(string json, string field) =>
        Parse(json).ShouldBeOfType<ScoreParseOutcome.UnknownField>().Message.ShouldBe($"agent too old for field {field}");

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"PodmanV0\":null}")]
    [InlineData("{\"PodmanV0\":{}} x")]
    [InlineData("{\"PodmanV0\":{},\"PodmanV0\":{}}")]
    [InlineData("{\"PodmanV0\":{\"containers\":[null]}}")]
    [InlineData("{\"PodmanV0\":{\"containers\":null}}")]
    [InlineData("{\"PodmanV0\":{\"containers\":[{\"args\":[null]}]}}")]
    [InlineData("{\"PodmanV0\":{\"containers\":[{\"name\":\"\\ud800\"}]}}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"PodmanV0\":{\"terminationGracePeriodSeconds\":1e99}}")]
    [InlineData("{\"PodmanV0\":{\"containers\":\"web\"}}")]
    public void Parse_NoScore_IsMalformed(string json) => Parse(json).ShouldBeOfType<ScoreParseOutcome.Malformed>();

    [Theory]
    [InlineData("null", "it is null")]
    [InlineData("{}", "it is of no kind")]
    [InlineData("{\"PodmanV0\":{\"containers\":[null]}}", "PodmanV0.containers[0] is null")]
    [InlineData("{\"PodmanV0\":{\"containers\":[{\"name\":\"a\"},{\"args\":[\"x\",null]}]}}", "PodmanV0.containers[1].args[1] is null")]
    public void Parse_NoScore_SaysWhatIsWrong(string json, string reason) => Parse(json).ShouldBeOfType<ScoreParseOutcome.Malformed>().Reason.ShouldBe(reason);

    [Fact]
    public void Parse_TooDeepOrTooLarge_IsMalformed()
    {
        var deep = new string('[', WireLimits.MaxJsonDepth + 1) + new string(']', WireLimits.MaxJsonDepth + 1);
        Parse($$"""{"PodmanV0":{{deep}}}""").ShouldBeOfType<ScoreParseOutcome.Malformed>();

        Parse(Full + new string(' ', WireLimits.MaxScoreBytes)).ShouldBeOfType<ScoreParseOutcome.Malformed>().Reason.ShouldContain("larger");
    }

    [Fact]
    public void Parse_MutatedBytes_NeverThrows() =>
        Prop.ForAll<int, byte, int>((at, value, cut) =>
        {
            var bytes = Encoding.UTF8.GetBytes(Full);
            bytes[(at & int.MaxValue) % bytes.Length] = value;
            var kept = bytes.AsSpan(0, cut % 3 == 0 ? (cut & int.MaxValue) % bytes.Length : bytes.Length).ToArray();
            return CanonicalScore.Parse(kept) is not null;
        }).Check(Runs.Of(2000));

    [Fact]
    public void ToBytes_OfWhatWasParsed_IsAFixedPoint() =>
        Prop.ForAll<NonNull<string>, NonNull<string>, int?>((name, value, grace) =>
        {
            var container = new Container { Name = name.Get, Env = [new() { Name = "A", Value = value.Get }], Command = [value.Get] };
            var score = new ReconcileScore { PodmanV0 = new() { Containers = [container], TerminationGracePeriodSeconds = grace } };
            var bytes = CanonicalScore.ToBytes(score);
            return CanonicalScore.Parse(bytes) is ScoreParseOutcome.Parsed parsed && CanonicalScore.ToBytes(parsed.Score).SequenceEqual(bytes);
        }).QuickCheckThrowOnFailure();

    private static ScoreParseOutcome Parse(string json) => CanonicalScore.Parse(Encoding.UTF8.GetBytes(json));
}
