using Harmony.Fleet.Cli.Commands;
using Harmony.Fleet.Cli.Options;

namespace Harmony.Fleet.Tests.Cli.Commands;

public sealed class DevicePodmanCommandTests
{
    [Theory]
    [InlineData("podman device-1 run -v /a:/b --help x", "podman device-1 -- run -v /a:/b --help x")]
    [InlineData("podman --data /srv/a --verbose device-1 load -i x.tar", "podman --data /srv/a --verbose device-1 -- load -i x.tar")]
    [InlineData("podman --data=/srv/a device-1 ps", "podman --data=/srv/a device-1 -- ps")]
    [InlineData("podman device-1 -- ps", "podman device-1 -- ps")]
    [InlineData("podman --help", "podman --help")]
    [InlineData("get devices -w", "get devices -w")]
    public void WhatFollowsTheDevice_IsPodmans(string line, string separated) =>
        DevicePodmanCommand.Separated(line.Split(' '), new GlobalOptions()).ShouldBe(separated.Split(' '));

    [Theory]
    [InlineData("device-9", 3, "error: no fleet of DATA has a device device-9 with a podman of its own: name the data folder with --data, and one of its devices: device-1 and so on\n")]
    [InlineData("../x", 2, "error: '../x' is no name of a device: name one of this fleet: device-1 and so on\n")]
    public async Task ADeviceThatIsNotThere_IsTold(string device, int code, string error)
    {
        using var cli = new CliUnderTest();
        var data = Path.Combine(cli.Folder, "data");
        cli.Write("data/.harmony-fleet", """{"id":"0123456789abcdef0123456789abcdef"}""");
        cli.Write("data/fleet.json", """{"id":"0123456789abcdef0123456789abcdef"}""");
        (await cli.RunAsync("podman", "--data", data, device, "run", "--env=", "-v", "a:/b", "--data")).ShouldBe(new CliRun(code, string.Empty, error.Replace("DATA", data, StringComparison.Ordinal)));
    }
    [Fact]
    public async Task WhereNoFleetIs_ItIsToldHowToStartOne()
    {
        using var cli = new CliUnderTest();
        (await cli.RunAsync("podman", "--data", "data", "device-1", "ps")).ShouldBe(new CliRun(6, string.Empty, $"error: no fleet runs from {cli.Folder}/data: start one with fleet up --data data\n"));
    }
}
