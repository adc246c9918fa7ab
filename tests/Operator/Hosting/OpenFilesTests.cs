using Harmony.Fleet.Operator.Hosting;
using Microsoft.Extensions.Logging.Testing;

namespace Harmony.Fleet.Tests.Operator.Hosting;

public sealed class OpenFilesTests
{
    [Theory]
    [InlineData("Max open files            1048576              1048576              files", 100_000, 100_000)]
    [InlineData("Max open files            1024                 1048576              files", 1000, 1024 - OpenFiles.Others)]
    [InlineData("Max open files            64                   64                   files", 1000, OpenFiles.Fewest)]
    [InlineData("Max open files            unlimited            unlimited            files", 1000, 1000)]
    [InlineData("", 1000, 1000)]
    [InlineData("Max open files", 1000, 1000)]
    public void Connections_AreNoMoreThanFilesMayBeOpen(string line, int wanted, int taken) =>
        OpenFiles.Bound(wanted, $"Limit                     Soft Limit           Hard Limit           Units\nMax processes             10                   10                   processes\n{line}\n").ShouldBe(taken);

    [Fact]
    public void FewerThanWereWanted_AreTold_AndNothingElse()
    {
        var log = new FakeLogger();
        OpenFiles.Tell(1000, 1000, log);
        log.Collector.Count.ShouldBe(0);
        OpenFiles.Tell(1000, 688, log);
        log.LatestRecord.Message.ShouldStartWith("The API takes 688 connections at once, and not 1000 (maxConnections)");
    }

    [Fact]
    public void LimitOfThisProcess_IsRead() => OpenFiles.Bound(Api.OperatorUnderTest.OptionsOnAFreePort() with { MaxConnections = int.MaxValue }).MaxConnections.ShouldBeLessThan(int.MaxValue);
}
