namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>What the end of a stack waits for.</summary>
public abstract record StopNews
{
    private StopNews()
    {
    }

    /// <summary>It in a sentence for people: for how long it is waited, and that <paramref name="command"/> does not wait; null where that was called.</summary>
    public abstract string Sentence(DateTimeOffset now, string? command);

    /// <summary>A time for people, in whole seconds: <c>4 min 5 s</c>.</summary>
    public static string Words(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(Math.Max(0, time.TotalSeconds));
        return seconds < 60 ? $"{seconds} s" : $"{seconds / 60} min {seconds % 60} s";
    }

    /// <summary>Containers may take their time.</summary>
    /// <param name="Count">How many of them still run.</param>
    /// <param name="EndsBy">When the slowest of them is killed.</param>
    /// <param name="Late">Those that have had their time, in words; null where there are none.</param>
    public sealed record Containers(int Count, DateTimeOffset EndsBy, string? Late = null) : StopNews
    {
        /// <inheritdoc/>
        public override string Sentence(DateTimeOffset now, string? command) => (Count, command) switch
        {
            (0, _) => "all containers have ended, the rest of the fleet is being ended",
            (_, null) => $"{Counted} {(Count == 1 ? "is" : "are")} being killed",
            _ when EndsBy <= now => $"{Counted} had {(Count == 1 ? "its" : "their")} time and {(Count == 1 ? "is" : "are")} being killed{(Late is null ? string.Empty : $": {Late}")}",
            _ => $"{Counted} may take up to {Words(EndsBy - now)} to end: {command} kills {(Count == 1 ? "it" : "them")}{(Late is null ? string.Empty : $" (being killed: {Late})")}",
        };

        private string Counted => Count == 1 ? "1 container" : $"{Count} containers";
    }

    /// <summary>The process that runs the stack was told to end, and does not say that it does.</summary>
    /// <param name="Pid">Its number.</param>
    /// <param name="IsStopped">Whether somebody stopped it by a signal, so that it does nothing at all.</param>
    /// <param name="KilledBy">When it is killed.</param>
    public sealed record Silent(int Pid, bool IsStopped, DateTimeOffset KilledBy) : StopNews
    {
        /// <inheritdoc/>
        public override string Sentence(DateTimeOffset now, string? command) =>
            $"process {Pid}, which runs the fleet, {(IsStopped ? "is stopped (SIGSTOP or Ctrl-Z)" : "does not answer")}: it is killed in {Words(KilledBy - now)}{(command is null ? string.Empty : $", by {command} sooner")}";
    }
}

/// <summary>How the end of a stack went.</summary>
public enum StopResult
{
    /// <summary>None ran.</summary>
    NoneRan,

    /// <summary>It ended in good order.</summary>
    Ended,

    /// <summary>The process that ran it did not end within its time, and was killed.</summary>
    Killed,
}
