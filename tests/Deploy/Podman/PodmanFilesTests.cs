using Harmony.Fleet.Deploy.Podman;

namespace Harmony.Fleet.Tests.Deploy.Podman;

/// <summary>What is written for which machine: nothing is changed where nothing needs to be.</summary>
public sealed class PodmanFilesTests
{
    private const string Unified = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n";
    private const string Hybrid =
        """
        30 23 0:26 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw
        31 30 0:27 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
        40 30 0:36 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw

        """;

    private const string AllCapabilities = "Name:\tx\nCapEff:\t000001ffffffffff\n";
    private const string NoSysResource = "Name:\tx\nCapEff:\t000001fffeffffff\n";
    private const string LowLimits = "Limit  Soft Limit Hard Limit Units\nMax processes             96365                96365                processes \nMax open files            1024                 20000                files     \n";
    private const string NoLimits = "Max processes             unlimited            unlimited            processes \nMax open files            1024                 1048576              files     \n";

    [Fact]
    public void ContainersConf_OnAMachineWithSystemdAndCgroupV2_ChangesNothingOfTheRuntime()
    {
        var text = PodmanFiles.ContainersConf(MachineTraits.Read(Unified, AllCapabilities, LowLimits, "4194304\n", hasSystemd: true, hasRunc: true), PodmanNetwork.For("/d"));

        text.ShouldNotContain("runtime =");
        text.ShouldNotContain("cgroup_manager");
        text.ShouldNotContain("default_ulimits");
    }

    [Fact]
    public void ContainersConf_OnAHybridMachineWithoutSystemdAndRights_WorksAround()
    {
        var text = PodmanFiles.ContainersConf(MachineTraits.Read(Hybrid, NoSysResource, LowLimits, "32768\n", hasSystemd: false, hasRunc: true), PodmanNetwork.For("/d"));

        text.ShouldContain("runtime = \"runc\"");
        text.ShouldContain("cgroup_manager = \"cgroupfs\"");
        text.ShouldContain("default_ulimits = [\"nofile=20000:20000\", \"nproc=32768:32768\"]");
    }

    [Fact]
    public void ContainersConf_WithoutRunc_LeavesTheRuntimeToPodman() =>
        PodmanFiles.ContainersConf(MachineTraits.Read(Hybrid, AllCapabilities, LowLimits, "32768", hasSystemd: true, hasRunc: false), PodmanNetwork.For("/d"))
            .ShouldNotContain("runtime =");

    [Fact]
    public void Traits_OfUnlimitedProcesses_AreBoundByTheNumberOfIds()
    {
        var traits = MachineTraits.Read(Unified, NoSysResource, NoLimits, "4194304\n", hasSystemd: true, hasRunc: true);

        traits.MaxProcesses.ShouldBe(4194304);
        traits.MaxOpenFiles.ShouldBe(1048576);
        PodmanFiles.ContainersConf(traits, PodmanNetwork.For("/d")).ShouldNotContain("default_ulimits");
    }

    [Fact]
    public void Traits_OfUnreadableTexts_AreCautious()
    {
        var traits = MachineTraits.Read("a b - c\n-\n", "CapEff:\tzz", "Max open files", "x", hasSystemd: false, hasRunc: false);

        traits.ShouldBe(new MachineTraits(false, false, false, false, null, null));
    }

    [Fact]
    public void Networks_OfTwoFolders_ShareNothing()
    {
        var (one, other) = (PodmanNetwork.For("/devices/1"), PodmanNetwork.For("/devices/2"));
        one.ShouldSatisfyAllConditions(
            network => network.Name.ShouldNotBe(other.Name),
            network => network.Bridge.ShouldNotBe(other.Bridge),
            network => network.Bridge.Length.ShouldBeLessThan(16),
            network => network.Prefix.ShouldNotBe(other.Prefix),
            network => network.ShouldBe(PodmanNetwork.For("/devices/1")));
    }

    [Fact]
    public void RegistriesConf_WithInsecureOnes_NamesThem()
    {
        var text = PodmanFiles.RegistriesConf(["127.0.0.1:5000"]);

        text.ShouldContain("unqualified-search-registries = []");
        text.ShouldContain("location = \"127.0.0.1:5000\"\ninsecure = true");
    }

    [Fact]
    public void MountsIn_TwoFolders_AreTheInnermostFirstAndNoOthers() => PodmanMounts.In(
        """
        1 0 0:1 / / rw - ext4 /dev/a rw
        2 1 0:2 / /data/x rw - overlay overlay rw
        3 2 0:3 / /data/x/in\040side rw - overlay overlay rw
        4 1 0:4 / /data/xy rw - overlay overlay rw
        5 1 0:5 / /run/f/shm rw - tmpfs shm rw
        6 2 0:6 / /data/x rw - overlay overlay rw
        """,
        ["/data/x", "/run/f"]).ShouldBe(["/data/x/in side", "/run/f/shm", "/data/x"]);

    [Fact]
    public void Layout_OfALongFolder_HasAShortSocket()
    {
        var layout = PodmanLayout.For("/" + string.Join('/', Enumerable.Repeat("a-long-name", 30)) + "/");

        layout.SocketPath.Length.ShouldBeLessThan(108);
        layout.ShouldBe(PodmanLayout.For(layout.Folder));
        PodmanLayout.For("/other").SocketPath.ShouldNotBe(layout.SocketPath);
    }

    /// <summary>Podman refuses what is longer, whoever calls.</summary>
    [Theory]
    [InlineData(true, null, 0, "/run/harmony-fleet")]
    [InlineData(false, null, 4_000_000_000, "/tmp/harmony-fleet-4000000000")]
    [InlineData(false, "/proc/self/net", 4_000_000_000, "/proc/self/net/harmony-fleet")]
    [InlineData(false, "/proc/self/net/dev_snmp6", 4_000_000_000, "/tmp/harmony-fleet-4000000000")]
    [InlineData(false, "/no/such", 4_000_000_000, "/tmp/harmony-fleet-4000000000")]
    public void RunFolder_OfAnybody_IsShortEnoughForPodman(bool isRoot, string? own, uint user, string chosen)
    {
        var runtime = PodmanPlaces.RuntimeBase(isRoot, own, user);
        runtime.ShouldBe(chosen);
        $"{runtime}/0123456789ab/{PodmanPlaces.RunName}".Length.ShouldBeLessThanOrEqualTo(PodmanPlaces.MaxRunFolder);
    }
}
