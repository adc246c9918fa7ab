using Harmony.Fleet.Hosting.Services;

namespace Harmony.Fleet.Tests.Hosting.Services;

public sealed class MissingNeedsTests
{
    [Fact]
    public void Find_OnAMachineThatRunsTests_MissesNothing() => MissingNeeds.Find().ShouldBeNull();

    [Fact]
    public void Sentence_OfALibraryDeepInside_NamesIt() =>
        MissingNeeds.Sentence(new TypeInitializationException("X", new DllNotFoundException("Unable to load shared library 'libe_sqlite3' or one of its dependencies.")))
            .ShouldBe("The library libe_sqlite3 is not on this machine, or cannot be used: install it, or install this program anew.");

    [Fact]
    public void Sentence_OfAnythingElse_IsNone() => MissingNeeds.Sentence(new InvalidOperationException("x", new IOException("y"))).ShouldBeNull();
}
