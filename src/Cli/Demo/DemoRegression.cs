using Harmony.Fleet.Cli.Applying;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Demo;

/// <summary>The regression of <c>fleet demo --auto</c>: applied, upgraded, applied again, deleted.</summary>
internal sealed class DemoRegression(DemoDeployment deployment, DemoSteps steps)
{
    private const int MaxTries = 10;

    /// <summary>Plays it.</summary>
    /// <returns>Null, or what went wrong first.</returns>
    public async Task<Fault?> RunAsync(CancellationToken cancellationToken)
    {
        await BuildAsync(cancellationToken);
        var first = await RolledOutAsync(1, cancellationToken);
        var second = await RolledOutAsync(2, cancellationToken);
        steps.Expect(first is not null && second is not null && first != second, $"version 2 runs in the container of version 1 ({first})");
        await SameAgainAsync(cancellationToken);
        await steps.DoAsync("delete", () => deployment.DeleteAsync(cancellationToken), took => $"the container is gone after {took.TotalSeconds:0.0} s");
        return steps.Fault;
    }

    private async Task BuildAsync(CancellationToken cancellationToken)
    {
        foreach (var version in (int[])[1, 2])
        {
            await steps.DoAsync($"build version {version}", () => deployment.BuildAsync(version, cancellationToken), reference => reference);
        }
    }

    /// <summary>Applies a version, waits until it runs, and fetches its page.</summary>
    /// <returns>The container's id.</returns>
    private async Task<string?> RolledOutAsync(int version, CancellationToken cancellationToken)
    {
        await steps.DoAsync($"apply version {version}", () => deployment.ApplyAsync(version, cancellationToken), verb => verb.ToString().ToLowerInvariant());
        await steps.DoAsync($"wait for version {version}", () => deployment.RunningAsync(steps.Note, cancellationToken), _ => "Running");
        await steps.DoAsync($"fetch version {version}", () => deployment.FetchAsync(version, steps.Note, cancellationToken), status => $"{deployment.Url} answers {status}");
        return await steps.DoAsync($"container of version {version}", () => deployment.ContainerIdAsync(cancellationToken), id => id is { Length: > 12 } ? id[..12] : id ?? "none");
    }

    /// <summary>The same spec again changes nothing: neither in the store, nor on the bus, nor on the device.</summary>
    private async Task SameAgainAsync(CancellationToken cancellationToken)
    {
        var trace = await steps.DoAsync("apply version 2 again", () => AppliedAgainAsync(cancellationToken), trace => $"unchanged: {trace}");
        await steps.DoAsync("fetch again", () => deployment.FetchAsync(2, steps.Note, cancellationToken), status => $"{deployment.Url} answers {status}");
        await steps.DoAsync("same container", () => StillAsync(trace!, cancellationToken), now => now.ToString());
    }

    /// <summary>
    /// Applies between two looks. Whatever a write would have set off came before the device's answer to the ping that is sent after it. A status
    /// that the operator wrote meanwhile is another version too: then it is tried again.
    /// </summary>
    private async Task<Outcome<DemoTrace>> AppliedAgainAsync(CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var before = await deployment.TraceAsync(cancellationToken);
            if (!before.IsOk)
            {
                return before.Fault;
            }

            var applied = await deployment.ApplyAsync(2, cancellationToken);
            if (!applied.IsOk || applied.Value != ApplyVerb.Unchanged)
            {
                return applied.Fault ?? Fault.Permanent("the same spec was taken for a change");
            }

            var after = await StillAsync(before.Value, cancellationToken);
            if (!after.IsOk || after.Value.Version == before.Value.Version)
            {
                return after;
            }
        }

        return Fault.Permanent("each apply of the same spec wrote to the store");
    }

    /// <summary>What there is to see after all that was sent to the device so far; nothing of it may have moved.</summary>
    private async Task<Outcome<DemoTrace>> StillAsync(DemoTrace before, CancellationToken cancellationToken)
    {
        if (await deployment.PingAsync(cancellationToken) is { } silent)
        {
            return silent;
        }

        var now = await deployment.TraceAsync(cancellationToken);
        return now.IsOk && now.Value.Since(before) is { } moved ? moved : now;
    }
}
