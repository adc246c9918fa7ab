using System.Collections.Immutable;
using System.Globalization;
using Harmony.Fleet.Operator.Readiness;

namespace Harmony.Fleet.Operator.Control.Informers;

/// <summary>Whether the engine hears what is in the store, and of the link to NATS: what it caught up with grows old while a list or a watch fails. For several threads.</summary>
/// <param name="options">How long one may fail.</param>
/// <param name="time">The clock.</param>
internal sealed class InformerCheck(ControlOptions options, TimeProvider time) : IReadinessCheck
{
    private ImmutableArray<InformerState> states = [];

    /// <inheritdoc/>
    public string Name => "informers";

    /// <inheritdoc/>
    public string? Missing() => states.Select(state => state.Missing()).FirstOrDefault(missing => missing is not null);

    /// <summary>An engine begins: what those of the one before met is over.</summary>
    /// <param name="parts">What it hears of, in words.</param>
    /// <returns>The state of each.</returns>
    public ImmutableArray<InformerState> Begin(params ImmutableArray<string> parts) => states = [.. parts.Select(part => new InformerState(part, options.DeafLimit, time))];
}

/// <summary>Whether one informer works. Told by one thread, asked by others.</summary>
/// <param name="part">What it is, in words.</param>
/// <param name="limit">How long it may fail.</param>
/// <param name="time">The clock.</param>
internal sealed class InformerState(string part, TimeSpan limit, TimeProvider time)
{
    private readonly Lock sync = new();
    private long? failing;
    private long? working;
    private string? reason;

    /// <summary>It failed, and tries again. Where it worked in between, but not for long, it has failed since before that.</summary>
    public void Failed(string why)
    {
        lock (sync)
        {
            failing = failing is null || (working is { } since && time.GetElapsedTime(since) > limit) ? time.GetTimestamp() : failing;
            (working, reason) = (null, why);
        }
    }

    /// <summary>It works.</summary>
    public void Works()
    {
        lock (sync)
        {
            working = time.GetTimestamp();
        }
    }

    /// <summary>What is wrong, in a sentence; null where nothing is, or not for long.</summary>
    public string? Missing()
    {
        lock (sync)
        {
            return failing is { } since && working is null && time.GetElapsedTime(since) is var lasts && lasts > limit
                ? string.Create(CultureInfo.InvariantCulture, $"The operator has heard of no change for {lasts.TotalSeconds:0} s: {part} fails, and is tried again: {reason}")
                : null;
        }
    }
}
