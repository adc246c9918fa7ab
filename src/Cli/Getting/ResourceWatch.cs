using System.Runtime.CompilerServices;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>
/// A list, then what changes, without end: after a lost connection it goes on where it was, and where the operator no longer has
/// what was missed it lists again. It ends only when it cannot begin, or is no longer allowed.
/// </summary>
internal sealed class ResourceWatch<T>(FleetClient client, ResourceType<T> type, Scope scope, TimeProvider time, Random random)
    where T : class, IResource
{
    private static readonly BackOff Waits = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));

    private string? version;
    private int failures;
    private bool isLost;

    /// <summary>Watches until cancelled.</summary>
    public async IAsyncEnumerable<WatchStep<T>> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var hasBegun = false;
        while (true)
        {
            if (version is null)
            {
                var listing = await client.ListAsync(type, scope, cancellationToken);
                version = listing.IsOk ? listing.Value.ResourceVersion ?? string.Empty : null;
                yield return listing.IsOk ? new WatchStep<T>.Listed(listing.Value) : Failure(listing.Fault, hasBegun);
                if (!listing.IsOk && IsOver(listing.Fault, hasBegun))
                {
                    yield break;
                }

                hasBegun |= listing.IsOk;
                failures = listing.IsOk ? failures : failures + 1;
                isLost = !listing.IsOk;
            }

            await foreach (var step in FollowAsync(cancellationToken))
            {
                yield return step;
                if (step is WatchStep<T>.Ended)
                {
                    yield break;
                }
            }

            // Also after a watch that ended well: an operator that closes each one at once is not to be hammered.
            await Task.Delay(Waits.After(Math.Max(1, failures), random.NextDouble()), time, cancellationToken);
        }
    }

    private static WatchStep<T> Failure(Fault error, bool hasBegun) =>
        IsOver(error, hasBegun) ? new WatchStep<T>.Ended(error) : new WatchStep<T>.Lost(error);

    /// <summary>What was reached once is waited for; what refuses is not asked again.</summary>
    private static bool IsOver(Fault error, bool hasBegun) =>
        !hasBegun || error.Kind is FaultKind.NotAllowed or FaultKind.Invalid or FaultKind.NotFound;

    private async IAsyncEnumerable<WatchStep<T>> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (version is null)
        {
            yield break;
        }

        var opened = await client.WatchAsync(type, scope, version.Length == 0 ? null : version, cancellationToken);
        if (!opened.IsOk)
        {
            if (Failed(opened.Fault) is { } step)
            {
                yield return step;
            }

            yield break;
        }

        await using var lines = opened.Value;
        if (isLost)
        {
            isLost = false;
            yield return new WatchStep<T>.Regained();
        }

        while (true)
        {
            var line = await NextAsync(lines, cancellationToken);
            if (line is { IsOk: true, Value: null })
            {
                yield break;
            }

            if (Taken(line) is { } step)
            {
                yield return step;
            }

            if (!line.IsOk)
            {
                yield break;
            }
        }
    }

    /// <summary>The next line; null at the end.</summary>
    private async Task<Outcome<WatchLine<T>?>> NextAsync(LineStream lines, CancellationToken cancellationToken)
    {
        var bytes = await lines.NextAsync(cancellationToken);
        if (!bytes.IsOk)
        {
            return bytes.Fault;
        }

        if (bytes.Value is null)
        {
            return default(Outcome<WatchLine<T>?>);
        }

        var line = WatchLine<T>.Parse(client, type, bytes.Value);
        return line.IsOk ? line.Value : line.Fault;
    }

    private WatchStep<T>? Taken(Outcome<WatchLine<T>?> line)
    {
        if (!line.IsOk)
        {
            return Failed(line.Fault);
        }

        failures = 0;
        version = line.Value.ResourceVersion ?? version;
        return line.Value.Step;
    }

    private WatchStep<T>? Failed(Fault error)
    {
        failures++;
        if (error.Reason == StatusReasons.Expired)
        {
            version = null;
            return null;
        }

        isLost = true;
        return Failure(error, hasBegun: true);
    }
}
