using System.Diagnostics;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Packaging.Auditing;

/// <summary>What a restore does with a known vulnerability of a package that another one brings.</summary>
[Trait("Category", "Integration")]
public sealed class AuditTests : IDisposable
{
    private const string Package = "SQLitePCLRaw.core";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(3, 1, "error NU1904")]
    [InlineData(2, 1, "error NU1903")]
    [InlineData(1, 0, "warning NU1902")]
    public async Task Restore_WithAKnownVulnerability_FailsWhereItIsHigh(int severity, int code, string told)
    {
        using var feed = new VulnerabilityFeed(Package, severity);

        var restore = await RestoreAsync(feed.Address);

        restore.Output.ShouldContain($"{told}: ");
        restore.Output.ShouldContain($"Package '{Package}'");
        restore.Code.ShouldBe(code, restore.Output);
    }

    [Fact]
    public async Task Restore_WithARegistryThatDoesNotAnswer_GoesOn()
    {
        var restore = await RestoreAsync($"http://127.0.0.1:{FreePort.Next()}/");

        restore.Output.ShouldContain("warning NU1900: ");
        restore.Code.ShouldBe(0, restore.Output);
    }

    /// <summary>From the packages that are on this machine: only the vulnerabilities are asked for.</summary>
    private async Task<(int Code, string Output)> RestoreAsync(string registry)
    {
        Directory.CreateDirectory(folder.File("packages"));
        await File.WriteAllTextAsync(folder.File("nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="none" value="{folder.File("packages")}" /></packageSources>
              <auditSources><clear /><add key="registry" value="{registry}index.json" protocolVersion="3" allowInsecureConnections="true" /></auditSources>
            </configuration>
            """);
        var start = new ProcessStartInfo("dotnet", ["restore", RepositoryRoot.File("src/Adapters/Sqlite/Harmony.Fleet.Adapters.Sqlite.csproj"),
            "--configfile", folder.File("nuget.config"), $"-p:ArtifactsPath={folder.File("artifacts")}", "-nodeReuse:false", "-noLogo", "-verbosity:quiet"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment["NUGET_HTTP_CACHE_PATH"] = folder.File("cache");
        using var process = await Spawner.StartAsync(start);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}
