using Harmony.Fleet.Disks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Disks;

public sealed class FileIdentityTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void At_IsTheFiles_WhateverItsName()
    {
        File.WriteAllText(folder.File("a"), "a");
        File.WriteAllText(folder.File("b"), "a");
        var a = FileIdentity.At(folder.File("a")).ShouldNotBeNull();
        a.Number.ShouldNotBe(0UL);
        FileIdentity.At(folder.File("b")).ShouldNotBeNull().ShouldSatisfyAllConditions(b => b.Device.ShouldBe(a.Device), b => b.Number.ShouldNotBe(a.Number));

        File.Move(folder.File("a"), folder.File("c"));
        File.CreateSymbolicLink(folder.File("link"), folder.File("c"));
        FileIdentity.At(folder.File("c")).ShouldBe(a);
        FileIdentity.At(folder.File("link")).ShouldBe(a);
        FileIdentity.At(folder.File("a")).ShouldBeNull();
        FileIdentity.At(folder.File("c/beneath")).ShouldBeNull();
        FileIdentity.At("/proc").ShouldNotBeNull().Device.ShouldNotBe(a.Device);
    }

    [Fact]
    public void At_OfAFolderThatLinksToItself_IsNotTold()
    {
        File.CreateSymbolicLink(folder.File("circle"), folder.File("circle"));
        Should.Throw<IOException>(() => FileIdentity.At(folder.File("circle")));
    }
}
