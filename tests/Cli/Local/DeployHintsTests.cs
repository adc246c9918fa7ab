using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Tests.Cli.Local;

public sealed class DeployHintsTests
{
    [Theory]
    [InlineData(null, "remove it: fleet down --purge", "remove it: fleet down --purge --data /srv/a")]
    [InlineData("/srv/my lab", "remove it: fleet down --purge", "remove it: fleet down --purge --data '/srv/my lab'")]
    [InlineData(null, "mend that, then run fleet up --devices 3 again", "mend that, then run fleet up --devices 3 --data /srv/a again")]
    [InlineData(null, "see its log", "see its log")]
    public void Advice_NamesTheFleetThatIsMeant_Once(string? other, string advice, string shown)
    {
        var host = new CliHost(CliConsole.OfProcess(_ => null, () => { }), _ => null, TimeProvider.System, "/") { FleetFlags = " --data /srv/a" };
        DeployHints.Of(host, Fault.Permanent("x", advice) with { DataFolder = other }).Advice.ShouldBe(shown);
    }

    [Theory]
    [InlineData("See 'fleet recover'; back with 'fleet recover --adopt'", "See ./fleet recover --data /srv/a; back with ./fleet recover --adopt --data /srv/a")]
    [InlineData("look with 'fleet get deployments'", "look with ./fleet get deployments --data /srv/a")]
    [InlineData("the disk of the fleet is full", "the disk of the fleet is full")]
    public void WhatAnOperatorQuotes_CanBePasted(string said, string shown)
    {
        var host = new CliHost(CliConsole.OfProcess(_ => null, () => { }), name => name == CliHost.NameVariable ? "./fleet" : null, TimeProvider.System, "/") { FleetFlags = " --data /srv/a" };
        DeployHints.OfOperator(host, said).ShouldBe(shown);
    }
}
