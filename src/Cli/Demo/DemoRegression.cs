using Harmony.Fleet.Cli.Applying;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Demo;

/// <summary>The regression of <c>fleet demo --auto</c>: applied, upgraded, applied again, deleted.</summary>
internal sealed class DemoRegression(DemoDeployment deployment, DemoSteps steps, TimeProvider time)
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Plays it.</summary>
    /// <returns>Null, or what went wrong first.</returns>
    public async Task<Fault?> RunAsync(CancellationToken cancellationToken)
    {
        await BuildAsync(cancellationToken);
        var first = await RolledOutAsync(1, cancellationToken);
        var second = await RolledOutAsync(2, cancellationToken);
        steps.Expect(first is not null && second is not null && first != second, $"version 2 runs in the container of version 1 ({first})");
        await SameAgainAsync(second, cancellationToken);
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
        await steps.DoAsync($"fetch version {version}", () => deployment.FetchAsync(version, cancellationToken), status => $"{deployment.Url} answers {status}");
        return await steps.DoAsync($"container of version {version}", () => deployment.ContainerIdAsync(cancellationToken), id => Short(id) ?? "none");
    }

    /// <summary>The same spec again changes nothing, at once and after a while.</summary>
    private async Task SameAgainAsync(string? id, CancellationToken cancellationToken)
    {
        var verb = await steps.DoAsync("apply version 2 again", () => deployment.ApplyAsync(2, cancellationToken), verb => verb.ToString().ToLowerInvariant());
        steps.Expect(verb == ApplyVerb.Unchanged, "the same spec was taken for a change");
        await steps.DoAsync("wait", () => deployment.RunningAsync(steps.Note, cancellationToken), _ => "Running");
        await steps.DoAsync("same container", () => StaysAsync(id, cancellationToken), same => Short(same) ?? "none");
        await steps.DoAsync("fetch again", () => deployment.FetchAsync(2, cancellationToken), status => $"{deployment.Url} answers {status}");
    }

    private async Task<Outcome<string?>> StaysAsync(string? id, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < Watched)
        {
            var now = await deployment.ContainerIdAsync(cancellationToken);
            if (!now.IsOk)
            {
                return now.Fault;
            }

            if (!string.Equals(now.Value, id, StringComparison.Ordinal))
            {
                return Fault.Permanent($"the container was replaced ({Short(id)} by {Short(now.Value) ?? "none"}), though nothing had changed");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return id;
    }

    private static string? Short(string? id) => id is { Length: > 12 } ? id[..12] : id;
}
