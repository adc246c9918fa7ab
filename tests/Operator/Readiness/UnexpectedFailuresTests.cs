using Harmony.Fleet.Operator.Readiness;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Readiness;

public sealed class UnexpectedFailuresTests
{
    private readonly FakeTimeProvider time = new();
    private readonly FakeLogger log = new();
    private readonly UnexpectedFailures failures;

    public UnexpectedFailuresTests() => failures = new UnexpectedFailures("a part", time, log);

    /// <summary>One line of weeks ago is not found by whoever looks why.</summary>
    [Fact]
    public void TheSame_IsToldAtOnce_AndAgainEachFewMinutes()
    {
        Fail(new IOException("locked"), new IOException("locked"));
        Told(1);

        time.Advance(UnexpectedFailures.Again);
        Fail(new IOException("locked"), new IOException("locked"));
        Told(2);
    }

    /// <summary>A database that is locked, and one that is corrupt, throw the same type.</summary>
    [Fact]
    public void AnotherMessage_IsTold_ButNoMoreThanOnceAMinute()
    {
        Fail(new IOException("locked"), new IOException("corrupt 1"), new IOException("corrupt 2"));
        Told(1);

        time.Advance(UnexpectedFailures.Other);
        Fail(new IOException("corrupt 3"), new IOException("corrupt 4"));
        Told(2);
    }

    [Fact]
    public void AnotherType_OrAfterItWorked_IsToldAtOnce()
    {
        Fail(new IOException("same"), new InvalidOperationException("same"));
        Told(2);

        failures.Passed();
        Fail(new InvalidOperationException("same"));
        Told(3);
    }

    private void Fail(params Exception[] errors)
    {
        foreach (var error in errors)
        {
            failures.Tell(error);
        }
    }

    private void Told(int count) => log.Collector.Count.ShouldBe(count);
}
