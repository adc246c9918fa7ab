using System.Collections.Immutable;
using System.Security.Cryptography;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Operator.Options;

public sealed class OperatorOptionsReaderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public OperatorOptionsReaderTests()
    {
        Write("token", "0123456789abcdef\n");
        Write("master", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n");
        using var pair = NKeyPair.Create(NKeyKind.User);
        Write("seed", pair.RevealSeed() + "\n");
    }

    private static string Good => """
        {
          // Where resources live.
          "dataDirectory": "data",
          "listen": "http://127.0.0.1:8080",
          "tokenFile": "token",
          "masterKeyFile": "master",
          /* The bus. */
          "nats": { "url": "nats://127.0.0.1:4222", "nkeySeedFile": "seed", "caFile": null, },
        }
        """;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Load_WithCommentsAndRelativePaths_IsReadFromItsFolder()
    {
        var options = Load(Good).ShouldBeOfType<OptionsOutcome<OperatorOptions>.Loaded>().Options;

        options.DataDirectory.ShouldBe(folder.File("data"));
        options.Listen.ShouldBeOfType<ListenAddress.Tcp>().EndPoint.ToString().ShouldBe("127.0.0.1:8080");
        options.Token.IsPresentedBy("Bearer 0123456789abcdef").ShouldBeTrue();
        options.KeyEpoch.ShouldBe(1);
        options.Nats.Servers.ShouldBe([new Uri("nats://127.0.0.1:4222")]);
        options.Nats.Seed.ShouldStartWith("SU");
        options.Nats.CaFile.ShouldBeNull();
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData("null", null)]
    public void Load_WithReplicas_HasThem(string written, int? replicas) => Load(Good.Replace("\"listen\"", $"\"bucketReplicas\": {written}, \"listen\"", StringComparison.Ordinal))
        .ShouldBeOfType<OptionsOutcome<OperatorOptions>.Loaded>().Options.BucketReplicas.ShouldBe(replicas);

    [Theory]
    [InlineData("0")]
    [InlineData("2")]
    [InlineData("7")]
    public void Load_WithReplicasThatAreNone_SaysSo(string written) =>
        Errors(Good.Replace("\"listen\"", $"\"bucketReplicas\": {written}, \"listen\"", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldStartWith($"bucketReplicas: {written} is no number of replicas");

    [Theory]
    [InlineData("16", 16)]
    [InlineData("100000", 100_000)]
    [InlineData("null", 1000)]
    public void Load_WithMostConnections_HasThem(string written, int most) => Load(Good.Replace("\"listen\"", $"\"maxConnections\": {written}, \"listen\"", StringComparison.Ordinal))
        .ShouldBeOfType<OptionsOutcome<OperatorOptions>.Loaded>().Options.MaxConnections.ShouldBe(most);

    [Theory]
    [InlineData("0")]
    [InlineData("15")]
    [InlineData("100001")]
    [InlineData("-1")]
    public void Load_WithMostConnectionsThatAreNone_SaysSo(string written) =>
        Errors(Good.Replace("\"listen\"", $"\"maxConnections\": {written}, \"listen\"", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldStartWith($"maxConnections: {written} is too few or too many");

    [Fact]
    public void Load_Empty_TellsEveryMissingSettingAtOnce() =>
        Errors("{}").ShouldBe(
            [
                "dataDirectory: it is missing; it says the folder of the resource store.",
                "listen: it is missing; it says where the API listens, such as http://127.0.0.1:8080 or unix:/run/fleet.sock.",
                "tokenFile: it is missing; it says the file with the token of API calls.",
                "masterKeyFile: it is missing; it says the file with the control plane's master key.",
                "nats: it is missing; write {\"url\": ..., \"nkeySeedFile\": ...}.",
            ]);

    [Fact]
    public void Load_WithManyErrors_TellsThemAll()
    {
        Write("short", "secret");
        Write("nonsense", "no base64!");

        var errors = Errors("""
            {
              "dataDirectory": " ", "listen": "http://0.0.0.0:80", "tokenFile": "short", "masterKeyFile": "nonsense", "keyEpoch": 0, "listn": 1,
              "nats": { "url": "http://nats", "nkeySeedFile": "short", "caFile": "nowhere.pem", "user": "me" }
            }
            """);

        string[] settings =
            ["listn", "dataDirectory", "listen", "tokenFile", "masterKeyFile", "nats.user", "nats.url", "nats.nkeySeedFile", "nats.caFile", "keyEpoch"];
        errors.Select(error => error[..error.IndexOf(':', StringComparison.Ordinal)]).ShouldBe(settings, ignoreOrder: true);
        string.Concat(errors).ShouldNotContain("secret");
        string.Concat(errors).ShouldNotContain("no base64!");
    }

    [Theory]
    [InlineData("\"data\"", "\"data", "line 3")]
    [InlineData("\"http://127.0.0.1:8080\"", "8080", "listen")]
    [InlineData("\"seed\"", "[]", "nats.nkeySeedFile")]
    [InlineData("{", "[{", "JSON")]
    public void Load_OfWrongJson_SaysWhere(string what, string instead, string mentions) =>
        Errors(Good.Replace(what, instead, StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain(mentions);

    [Fact]
    public void Load_OfNull_IsInvalid() => Errors("null").ShouldHaveSingleItem().ShouldContain("null");

    [Fact]
    public void Load_OfAnotherLargeFile_IsInvalid() => Errors(new string(' ', 100_000)).ShouldHaveSingleItem().ShouldContain("larger");

    [Fact]
    public void Load_OfNoFile_SaysSo() =>
        OperatorOptionsReader.Read(folder.File("nothing.json")).ShouldBeOfType<OptionsOutcome<OperatorOptions>.Invalid>().Errors.ShouldHaveSingleItem().ShouldContain("cannot be read");

    [Fact]
    public void Load_OfASecretThatOthersCanRead_IsInvalid()
    {
        File.SetUnixFileMode(folder.File("token"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Errors(Good).ShouldHaveSingleItem().ShouldContain("chmod 600");
    }

    [Fact]
    public void Load_OfADevicesSeedKind_IsInvalid()
    {
        using var account = NKeyPair.Create(NKeyKind.Account);
        Write("seed", account.RevealSeed());

        Errors(Good).ShouldHaveSingleItem().ShouldContain("nats.nkeySeedFile");
    }

    [Fact]
    public void Load_WithoutTelemetry_TellsNobody()
    {
        Load(Good).ShouldBeOfType<OptionsOutcome<OperatorOptions>.Loaded>().Options.Telemetry.ShouldBeNull();
        Load(WithTelemetry("{ \"prometheus\": false }")).ShouldBeOfType<OptionsOutcome<OperatorOptions>.Loaded>().Options.Telemetry.ShouldBeNull();
    }

    [Fact]
    public void Load_WithTelemetry_SaysWhoIsTold() =>
        Load(WithTelemetry("""{ "prometheus": true, "otlpEndpoint": "http://collector:4318", "otlpProtocol": "http/protobuf" }"""))
            .ShouldBeOfType<OptionsOutcome<OperatorOptions>.Loaded>().Options.Telemetry
            .ShouldBe(new TelemetryOptions { Prometheus = true, OtlpEndpoint = new Uri("http://collector:4318"), OtlpOverHttp = true });

    [Theory]
    [InlineData("""{ "otlpEndpoint": "collector:4317" }""", "telemetry.otlpEndpoint: it is no address")]
    [InlineData("""{ "otlpEndpoint": "http://collector:4317", "otlpProtocol": "thrift" }""", "telemetry.otlpProtocol: 'thrift' is no protocol")]
    [InlineData("""{ "prometheus": true, "otlpProtocol": "grpc" }""", "telemetry.otlpProtocol: it says nothing")]
    public void Load_OfATelemetryThatIsWrong_SaysWhat(string written, string problem) => Errors(WithTelemetry(written)).ShouldHaveSingleItem().ShouldStartWith(problem);

    [Fact]
    public void Options_AsText_ShowNoSecret()
    {
        var text = Load(Good).ToString();

        text.ShouldNotContain("0123456789abcdef");
        text.ShouldContain("Token = ***");
        text.ShouldContain("MasterKey = ***");
    }

    private static string WithTelemetry(string written) => Good.Replace("\"dataDirectory\"", $"\"telemetry\": {written}, \"dataDirectory\"", StringComparison.Ordinal);

    private void Write(string name, string content)
    {
        File.WriteAllText(folder.File(name), content);
        File.SetUnixFileMode(folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private OptionsOutcome<OperatorOptions> Load(string json)
    {
        File.WriteAllText(folder.File("operator.json"), json);
        return OperatorOptionsReader.Read(folder.File("operator.json"));
    }

    private ImmutableArray<string> Errors(string json) => Load(json).ShouldBeOfType<OptionsOutcome<OperatorOptions>.Invalid>().Errors;
}
