using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Packaging.Packages;

namespace Harmony.Fleet.Tests.Packaging.Debian;

/// <summary>The Debian package as its tools see it.</summary>
[Trait("Category", "Integration")]
public sealed class DebianPackageTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [ClassData(typeof(Platforms))]
    public async Task Package_CheckedByLintian_HasNoErrorsOrWarnings(string rid)
    {
        var package = await AgentPackage.MakeAsync(rid);
        // It leaves a file of its own in the folder of temporary files.
        var lintian = await Command.RunAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["TMPDIR"] = folder.Path }, "lintian", "--fail-on", "error,warning", package.Deb);
        lintian.Code.ShouldBe(0, lintian.Said);
        lintian.Output.ShouldBeEmpty();
    }

    [Theory]
    [ClassData(typeof(Platforms))]
    public async Task Package_NamesWhatItIsAndNeeds(string rid)
    {
        var package = await AgentPackage.MakeAsync(rid);
        (await package.FieldAsync("Package")).ShouldBe(AgentPackage.Name);
        (await package.FieldAsync("Architecture")).ShouldBe(package.Architecture);
        (await package.FieldAsync("Version")).ShouldBe($"{package.Version}-1");
        (await package.FieldAsync("Depends")).ShouldMatch(@"^libc6 \(>= 2\.\d+\), libssl3 \| libssl3t64, podman \(>= 4\.3\)$");
        File.ReadAllText(RepositoryRoot.File("Directory.Build.props")).ShouldContain($"<VersionPrefix>{package.Version}</VersionPrefix>");
    }

    /// <summary>What it depends on is there on the Debian versions that it is for, by whichever name.</summary>
    [Theory]
    [InlineData(Platforms.X64, "bookworm", "libssl3")]
    [InlineData(Platforms.X64, "trixie", "libssl3t64")]
    [InlineData(Platforms.Arm64, "bookworm", "libssl3")]
    [InlineData(Platforms.Arm64, "trixie", "libssl3t64")]
    public async Task Package_OnABareDebian_CanBeInstalled(string rid, string suite, string ssl)
    {
        var package = await AgentPackage.MakeAsync(rid);
        var plan = await Command.DoneAsync(RepositoryRoot.File("tests/Packaging/Debian/resolve.sh"), suite, package.Architecture, package.Deb);
        foreach (var name in (string[])[AgentPackage.Name, "podman", ssl])
        {
            plan.Lines.ShouldContain(line => line.StartsWith($"Inst {name} ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [ClassData(typeof(Platforms))]
    public async Task Checksums_OfAllFiles_AreRight(string rid)
    {
        var package = await AgentPackage.MakeAsync(rid);
        var check = await Command.DoneAsync("sh", "-c", "cd \"$0\" && sha256sum --check --strict SHA256SUMS", package.Folder);
        foreach (var file in (string[])[package.Deb, package.Tarball, package.Symbols, package.Bill])
        {
            check.Lines.ShouldContain($"{Path.GetFileName(file)}: OK");
        }
    }

    /// <summary>Whoever has the sources can say whether the package was made of them.</summary>
    [Fact]
    public async Task Package_MadeAgainElsewhere_HasTheSameBytes()
    {
        var package = await AgentPackage.MakeAsync(Platforms.X64);
        var elsewhere = folder.File("100%s of it");
        var made = await Command.DoneAsync(RepositoryRoot.File("eng/package.sh"), "agent", "--rid", package.Rid, "--output", elsewhere);
        made.Lines.ShouldAllBe(path => File.Exists(path));
        foreach (var file in (string[])[package.Deb, package.Tarball, package.Symbols, package.Bill])
        {
            File.ReadAllBytes(Path.Combine(elsewhere, Path.GetFileName(file))).ShouldBe(File.ReadAllBytes(file), file);
        }
    }

    [Theory]
    [ClassData(typeof(Platforms))]
    public async Task Documents_OfThePackage_AreItsBillAndTheNoticesOfOthers(string rid)
    {
        var package = await AgentPackage.MakeAsync(rid);
        await package.UnpackAsync(folder);
        var documents = folder.File($"root/usr/share/doc/{AgentPackage.Name}");
        File.ReadAllText(Path.Combine(documents, "agent.cdx.json")).ShouldBe(File.ReadAllText(package.Bill));
        File.ReadAllText(package.Bill).ShouldContain($"\"pkg:nuget/Microsoft.NETCore.App.Runtime.NativeAOT.{rid}@");
        File.ReadAllText(Path.Combine(documents, "THIRD-PARTY-NOTICES.md")).ShouldBe(File.ReadAllText(RepositoryRoot.File("THIRD-PARTY-NOTICES.md")));
        File.ReadAllText(Path.Combine(documents, "dotnet/THIRD-PARTY-NOTICES.TXT")).ShouldContain("zlib");
    }
}
