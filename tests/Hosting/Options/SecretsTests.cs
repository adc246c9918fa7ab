using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Hosting.Options;

public sealed class SecretsTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TempFolder folder = new();
    private readonly OptionsCheck check;

    public SecretsTests() => check = new OptionsCheck(folder.Path);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Owner)]
    [InlineData(Owner | UnixFileMode.GroupRead)]
    [InlineData(Owner | UnixFileMode.GroupExecute)]
    [InlineData(UnixFileMode.UserRead)]
    public void Secret_ForItsOwner_IsRead(UnixFileMode mode)
    {
        Write("secret", "words", mode);
        check.Secret("keyFile", "secret", "the key").ShouldBe("words\n");
        check.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Owner | UnixFileMode.OtherRead, "every user of this machine can read or write")]
    [InlineData(Owner | UnixFileMode.OtherWrite, "every user of this machine can read or write")]
    [InlineData(Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, "every user of its group can write")]
    public void Secret_ThatOthersReachOrItsGroupWrites_IsRefused(UnixFileMode mode, string why)
    {
        Write("secret", "words", mode);
        check.Secret("keyFile", "secret", "the key").ShouldBeNull();
        check.Errors.ShouldHaveSingleItem().ShouldBe($"keyFile: {why} {folder.File("secret")}; run: chmod 600 {folder.File("secret")}");
    }

    [Fact]
    public void Secret_ThatIsNoSecret_SaysWhy()
    {
        Write("large", new string('x', 5000), Owner);
        check.Secret("a", null, "the key").ShouldBeNull();
        check.Secret("b", "none", "the key").ShouldBeNull();
        check.Secret("c", "large", "the key").ShouldBeNull();
        check.Errors.Select(error => error[..3]).ShouldBe(["a: ", "b: ", "c: "]);
    }

    [Fact]
    public async Task File_ThatIsNone_IsAnErrorOfItsSetting()
    {
        var pipe = await folder.PipeAsync("pipe");
        check.Secret("a", "pipe", "the key").ShouldBeNull();
        check.Secret("b", folder.Path, "the keys", ShapeJson.Default.Shape).ShouldBeNull();
        check.OptionalFile("c", "pipe");
        check.OptionalFile("d", folder.Path);
        check.Errors.ShouldBe(
            [
                $"a: {pipe} cannot be read: it is a pipe, not a file.", $"b: {folder.Path} cannot be read: it is a folder, not a file.",
                $"c: {pipe} cannot be read: it is a pipe, not a file.", $"d: {folder.Path} cannot be read: it is a folder, not a file.",
            ]);
    }

    [Fact]
    public void SecretAsJson_WithErrors_NeverShowsItself()
    {
        Write("secret", """{"name": 7, "password-hunter2": "x"}""", Owner);
        check.Secret("keyFile", "secret", "the keys", ShapeJson.Default.Shape).ShouldBeNull();
        check.Errors.ShouldAllBe(error => error.StartsWith("keyFile: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nats://nats.example:4222")]
    [InlineData("tls://nats.example:4222")]
    [InlineData("wss://nats.example")]
    [InlineData("nats://a.example:4222, tls://b.example:4222,wss://c.example")]
    public void Nats_Right_ShowsNoSeed(string url)
    {
        Write("seed", "SUABC", Owner);
        var link = NatsAccess.Check(new NatsSettings { Url = url, NKeySeedFile = "seed" }, seed => seed == "SUABC", check);
        check.Errors.ShouldBeEmpty();
        link.ShouldNotBeNull().Seed.ShouldBe("SUABC");
        link.Servers.ShouldBe(url.Split(',').Select(server => new Uri(server.Trim())));
        link.ToString().ShouldNotContain("SUABC");
    }

    [Theory]
    [InlineData("nats://a.example,,nats://b.example")]
    [InlineData("nats://a.example,http://b.example")]
    [InlineData("nats://a.example,nats://me:hunter2@b.example")]
    public void Nats_OneServerWrong_IsTold(string url)
    {
        Write("seed", "SUABC", Owner);
        NatsAccess.Check(new NatsSettings { Url = url, NKeySeedFile = "seed" }, _ => true, check).ShouldBeNull();
        check.Errors.ShouldHaveSingleItem().ShouldStartWith("nats.url: it is no NATS server");
        check.Errors[0].ShouldNotContain("hunter2");
    }

    [Fact]
    public void Nats_TooManyServers_IsTold()
    {
        Write("seed", "SUABC", Owner);
        var url = string.Join(',', Enumerable.Range(1, NatsAccess.MaxServers + 1).Select(number => $"nats://n{number}.example"));
        NatsAccess.Check(new NatsSettings { Url = url, NKeySeedFile = "seed" }, _ => true, check).ShouldBeNull();
        check.Errors.ShouldHaveSingleItem().ShouldBe("nats.url: it names 17 servers; name 16 of them at the most.");
    }

    [Fact]
    public void Nats_Wrong_IsToldAtOnceAndShowsNoPassword()
    {
        Write("seed", "secret-words", Owner);
        NatsAccess.Check(new NatsSettings { Url = "nats://me:hunter2@nats.example", NKeySeedFile = "seed", CaFile = "none.pem" }, _ => false, check).ShouldBeNull();
        check.Errors.Select(error => error[..error.IndexOf(':', StringComparison.Ordinal)]).ShouldBe(["nats.url", "nats.nkeySeedFile", "nats.caFile"]);
        string.Concat(check.Errors).ShouldNotContain("hunter2");
        string.Concat(check.Errors).ShouldNotContain("secret-words");
    }

    [Theory]
    [InlineData("ws://nats.example", false)]
    [InlineData("wss://nats.example", true)]
    [InlineData("nats://nats.example", true)]
    public void Nats_WithAuthorities_IsWhereTlsCanBe(string url, bool isRight)
    {
        Write("seed", "SUABC", Owner);
        Write("ca.pem", "an authority", Owner);
        NatsAccess.Check(new NatsSettings { Url = url, NKeySeedFile = "seed", CaFile = "ca.pem" }, _ => true, check).ShouldNotBeNull();
        check.Errors.Select(error => error[..error.IndexOf(':', StringComparison.Ordinal)]).ShouldBe(isRight ? [] : ["nats.caFile"]);
    }

    [Fact]
    public void Path_WithANul_IsAnErrorOfItsSetting()
    {
        check.Path("a", "x\0y", "the folder").ShouldBeNull();
        check.OptionalFile("b", "x\0y").ShouldBeNull();
        check.Socket("c", "x\0y");
        check.Secret("d", "x\0y", "the key").ShouldBeNull();
        check.Secret("e", "x\0y", "the keys", ShapeJson.Default.Shape).ShouldBeNull();
        check.Socket("f", string.Empty);
        check.Errors.Select(error => error[..3]).ShouldBe(["a: ", "b: ", "c: ", "d: ", "e: ", "f: "]);
    }

    [Fact]
    public void Nats_Missing_SaysWhatToWrite()
    {
        NatsAccess.Check(null, _ => true, check).ShouldBeNull();
        check.Errors.ShouldBe(["nats: it is missing; write {\"url\": ..., \"nkeySeedFile\": ...}."]);
    }

    private void Write(string name, string content, UnixFileMode mode)
    {
        folder.Secret(name, content);
        File.SetUnixFileMode(folder.File(name), mode);
    }
}
