namespace Harmony.Fleet.Tests.Packaging.Licences;

/// <summary>THIRD-PARTY-NOTICES.md, against what was restored for each program.</summary>
public sealed class NoticeTests
{
    public static TheoryData<string> Programs => [.. ShippedPackage.Programs.Keys];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Notices_NameEachPackageOfAProgram(string program)
    {
        var named = Notice.All.Where(notice => notice.Programs.Contains(program)).SelectMany(notice => notice.Packages);

        ShippedPackage.Of(program).Select(package => package.Name).Except(named)
            .ShouldBeEmpty($"what the {program} ships stands in THIRD-PARTY-NOTICES.md, with '{program}' under Where");
    }

    [Fact]
    public void Notices_NameNoPackageThatNoProgramHas()
    {
        // The runtime is restored only where a program is published as a native one; the packages' tests look for it in their bills.
        const string Runtime = "Microsoft.NETCore.App.Runtime.NativeAOT";
        foreach (var notice in Notice.All)
        {
            var restored = notice.Programs.SelectMany(ShippedPackage.RestoredFor).Select(package => package.Name).Append(Runtime);

            notice.Packages.Except(restored).ShouldBeEmpty($"{notice.Title} names packages that none of {string.Join(", ", notice.Programs)} has");
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Notices_NameNoProgramThatShipsNothingOfIt(string program)
    {
        var shipped = ShippedPackage.Of(program).Select(package => package.Name).ToHashSet(StringComparer.Ordinal);

        Notice.All.Where(notice => notice.Programs.Contains(program) && !notice.Packages.Any(shipped.Contains)).Select(notice => notice.Title).ShouldBeEmpty();
    }

    [Fact]
    public void Notices_NameOnlyProgramsThatThereAre() => Notice.All.SelectMany(notice => notice.Programs).Distinct().ShouldBe(ShippedPackage.Programs.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Programs))]
    public void Notices_SayTheLicenceThatThePackageDeclares(string program)
    {
        var packages = ShippedPackage.Of(program);
        packages.ShouldNotBeEmpty();
        foreach (var package in packages.Where(package => package.Licence is not null))
        {
            Notice.All.Single(notice => notice.Packages.Contains(package.Name)).Licence.ShouldBe(package.Licence, package.Name);
        }
    }

    [Fact]
    public void Notices_HaveTheTextOfEachLicence()
    {
        foreach (var licence in Notice.All.Select(notice => notice.Licence).Where(licence => !licence.StartsWith("public domain", StringComparison.Ordinal)).Distinct())
        {
            Notice.Text.ShouldContain($"\n## The {licence} licence\n\n```text\n");
        }
    }

    [Fact]
    public void Notices_SayWhoseEachComponentIs() => Notice.All.ShouldAllBe(notice => notice.Copyright.Length > 0 && notice.Packages.Count > 0);

    [Fact]
    public void Notices_NameAPackageOnce() => Notice.All.SelectMany(notice => notice.Packages).ShouldBeUnique();
}
