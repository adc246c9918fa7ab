using System.Text.Json.Nodes;
using Harmony.Fleet.Tests.Packaging.Packages;

namespace Harmony.Fleet.Tests.Packaging.Debian;

/// <summary>Installing, removing and purging, by dpkg itself in a root of its own.</summary>
[Trait("Category", "Integration")]
public sealed class InstallationTests : IDisposable
{
    private const string Enabled = "etc/systemd/system/multi-user.target.wants/fleet-agent.service";
    private const string Settings = "etc/harmony-fleet/agent.json";
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DebianRoot root = new();

    public void Dispose() => root.Dispose();

    [Theory]
    [ClassData(typeof(Platforms))]
    public async Task Installed_HasBinaryUnitAndSettings_ForRootAlone(string rid)
    {
        var package = await InstallAsync(rid);
        File.ResolveLinkTarget(root.At("usr/bin/fleet-agent"), returnFinalTarget: true).ShouldNotBeNull().FullName.ShouldBe(root.At(package.BinaryPath));
        File.Exists(root.At("usr/lib/systemd/system/fleet-agent.service")).ShouldBeTrue();
        new FileInfo(root.At(Enabled)).LinkTarget.ShouldNotBeNull().ShouldEndWith("/systemd/system/fleet-agent.service");
        JsonNode.Parse(File.ReadAllText(root.At(Settings))).ShouldNotBeNull()["stateDirectory"]?.GetValue<string>().ShouldBe("/var/lib/harmony-fleet");
        root.ModeOf(Settings).ShouldBe(Owner | UnixFileMode.GroupRead);
        root.ModeOf("var/lib/harmony-fleet").ShouldBe(Owner | UnixFileMode.UserExecute);
    }

    [Theory]
    [ClassData(typeof(Platforms))]
    public async Task Removed_KeepsSettingsKeysAndState(string rid)
    {
        await InstallAsync(rid);
        Use();
        await root.DpkgAsync("--remove", AgentPackage.Name);
        root.Files.ShouldContain("var/lib/harmony-fleet/boot");
        root.Files.ShouldContain("etc/harmony-fleet/device.key");
        root.Files.ShouldContain(Settings);
        root.Files.ShouldNotContain("usr/bin/fleet-agent");
        root.Files.ShouldNotContain("usr/lib/systemd/system/fleet-agent.service");
    }

    [Theory]
    [ClassData(typeof(Platforms))]
    public async Task Purged_LeavesNothing(string rid)
    {
        await InstallAsync(rid);
        Use();
        await root.DpkgAsync("--purge", AgentPackage.Name);
        root.Files.ShouldBeEmpty();
        Directory.Exists(root.At("etc/harmony-fleet")).ShouldBeFalse();
        Directory.Exists(root.At("var/lib/harmony-fleet")).ShouldBeFalse();
    }

    [Fact]
    public async Task InstalledAgain_KeepsChangedSettings_AndWhatWasDisabled()
    {
        var package = await InstallAsync(Platforms.X64);
        Use();
        File.Delete(root.At(Enabled));
        await root.DpkgAsync("--force-confold", "--install", package.Deb);
        File.ReadAllText(root.At(Settings)).ShouldContain("plant-7");
        root.Files.ShouldContain("etc/harmony-fleet/device.key");
        root.Files.ShouldNotContain(Enabled);
    }

    private async Task<AgentPackage> InstallAsync(string rid)
    {
        var package = await AgentPackage.MakeAsync(rid);
        await root.DpkgAsync("--install", package.Deb);
        return package;
    }

    /// <summary>What a device's life leaves in the package's folders.</summary>
    private void Use()
    {
        File.WriteAllText(root.At(Settings), """{ "deviceId": "plant-7" }""");
        File.WriteAllText(root.At("etc/harmony-fleet/device.key"), "{}");
        File.WriteAllText(root.At("etc/harmony-fleet/device.nk"), "SU");
        File.WriteAllText(root.At("var/lib/harmony-fleet/boot"), "7");
    }
}
