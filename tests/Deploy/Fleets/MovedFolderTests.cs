using System.Diagnostics;
using Harmony.Fleet.Deploy.Podman;

namespace Harmony.Fleet.Tests.Deploy.Fleets;

/// <summary>Data folders that somebody copied, as for a backup, or moved. What is written in them still names the place where they were made.</summary>
[Trait("Category", "Integration")]
public sealed class MovedFolderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("data")]
    [InlineData("donnée")]
    public async Task Purge_OfACopy_LeavesTheRunningFleetAlone(string name)
    {
        await using var folder = new FleetFolder(name);
        await folder.UpAsync();
        var copy = folder.Path + " copy";
        await RunAsync("cp", "-a", folder.Path, copy);
        var process = (await folder.StatusAsync()).GetProperty("process").GetInt32();

        (await CliCall.RunAsync("status", "--data", copy)).Code.ShouldBe(6);
        (await CliCall.RunAsync("down", "--data", copy)).Code.ShouldBe(0);
        var purged = await CliCall.RunAsync("down", "--purge", "--data", copy);

        purged.Code.ShouldBe(0, purged.Errors);
        Directory.Exists(copy).ShouldBeFalse();
        (await folder.StatusAsync()).GetProperty("process").GetInt32().ShouldBe(process);
        (await folder.RunAsync("ping", "device-1")).Code.ShouldBe(0);
        (await folder.PodmanAsync("device-1", "images", "--quiet")).ShouldNotBeEmpty();
    }

    /// <summary>Its processes have that folder in their words.</summary>
    [Fact]
    public async Task Up_WhereTheFolderOfARunningFleetWas_LeavesThatFleetAlone_AndItGoesOnWhereItIsMovedBack()
    {
        await using var folder = new FleetFolder();
        await folder.UpAsync();
        var before = (await folder.StatusAsync()).GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("pid").GetInt32()).ToList();
        var process = (await folder.StatusAsync()).GetProperty("process").GetInt32();
        var moved = folder.Path + " moved";
        Directory.Move(folder.Path, moved);
        foreach (var arguments in (string[][])[[], ["--detach"]])
        {
            var up = await folder.RunAsync("up", arguments);
            up.Code.ShouldBe(5, up.Errors);
            up.Errors.ShouldEndWith($"error: process {process} runs the fleet that was started in {folder.Path}, which was moved to {moved} since: move the folder back to {folder.Path}, and end it there\n");
        }

        MoveBack(moved, folder.Path);
        (await folder.StatusAsync()).GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("pid").GetInt32()).ShouldBe(before);
        (await folder.RunAsync("ping", "device-1")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Up_OfAMovedFolder_SaysWhereItsContainersAre_AndGoesOnWhereItIsMovedBack()
    {
        await using var folder = new FleetFolder("donnée");
        await folder.UpAsync();
        (await folder.RunAsync("down")).Code.ShouldBe(0);
        var places = folder.Places();
        var moved = folder.Path + " moved";
        Directory.Move(folder.Path, moved);

        var up = await CliCall.RunAsync("up", "--data", moved);
        up.Code.ShouldBe(1);
        up.Errors.ShouldContain($"error: podman of device-1 did not start ({moved}/devices/device-1/podman is a copy of {folder.Path}/devices/device-1/podman, or was moved from there, ");
        up.Errors.ShouldContain($"): move the data folder back\n");
        PodmanLayout.For(Path.Combine(moved, "devices/device-1/podman")).MovedFrom.ShouldNotBeNull("what tells where it was stays");

        Directory.Move(moved, folder.Path);
        folder.Places().ShouldBe(places);
        await folder.UpAsync();
        (await folder.RunAsync("ping", "device-1")).Code.ShouldBe(0);
    }

    // A podman that lives looks at its images every few minutes, first some seconds after its start: it makes the folder of its lock anew.
    private static void MoveBack(string moved, string path)
    {
        if (Directory.Exists(path))
        {
            Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).ShouldAllBe(file => file.EndsWith(".lock", StringComparison.Ordinal));
            Directory.Delete(path, recursive: true);
        }

        Directory.Move(moved, path);
    }

    private static async Task RunAsync(string program, params string[] words)
    {
        using var process = Process.Start(program, words);
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0);
    }
}
