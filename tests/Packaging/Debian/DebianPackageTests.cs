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
        var lintian = await Command.RunAsync("lintian", "--fail-on", "error,warning", package.Deb);
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
        await Command.DoneAsync(RepositoryRoot.File("eng/package.sh"), "agent", "--rid", package.Rid, "--output", folder.Path);
        foreach (var file in (string[])[package.Deb, package.Tarball, package.Symbols, package.Bill])
        {
            File.ReadAllBytes(folder.File(Path.GetFileName(file))).ShouldBe(File.ReadAllBytes(file), file);
        }
    }

    [Theory]
    [ClassData(typeof(Platforms))]
    public async Task Bill_NamesLibrariesAndRuntime_WithVersionLicenceAndChecksum(string rid)
    {
        var components = await (await AgentPackage.MakeAsync(rid)).ComponentsAsync();
        var names = components.Select(component => component["name"].ShouldNotBeNull().GetValue<string>()).ToArray();
        names.ShouldContain("Microsoft.Extensions.Hosting");
        names.ShouldContain($"Microsoft.NETCore.App.Runtime.NativeAOT.{rid}");
        foreach (var component in components)
        {
            var name = component["name"].ShouldNotBeNull().GetValue<string>();
            component["version"].ShouldNotBeNull(name);
            component["purl"].ShouldNotBeNull(name);
            component["licenses"].ShouldNotBeNull(name).AsArray().ShouldNotBeEmpty(name);
            component["hashes"].ShouldNotBeNull(name).AsArray().ShouldNotBeEmpty(name);
        }
    }
}
