namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>What the end of a stack waits for.</summary>
public abstract record StopNews
{
    private StopNews()
    {
    }

    /// <summary>It in a sentence for people: for how long it is waited, and that <paramref name="command"/> does not wait.</summary>
    public abstract string Sentence(DateTimeOffset now, string command);

    /// <summary>A time for people, in whole seconds: <c>4 min 5 s</c>.</summary>
    public static string Words(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(Math.Max(0, time.TotalSeconds));
        return seconds < 60 ? $"{seconds} s" : $"{seconds / 60} min {seconds % 60} s";
    }

    /// <summary>Containers may take their time.</summary>
    /// <param name="Count">How many of them.</param>
    /// <param name="EndsBy">When the slowest of them is killed.</param>
    public sealed record Containers(int Count, DateTimeOffset EndsBy) : StopNews
    {
        /// <inheritdoc/>
        public override string Sentence(DateTimeOffset now, string command) =>
            $"{(Count == 1 ? "1 container" : $"{Count} containers")} may take up to {Words(EndsBy - now)} to end: {command} kills what has not ended";
    }

    /// <summary>The process that runs the stack was told to end, and does not say that it does.</summary>
    /// <param name="Pid">Its number.</param>
    /// <param name="IsStopped">Whether somebody stopped it by a signal, so that it does nothing at all.</param>
    /// <param name="KilledBy">When it is killed.</param>
    public sealed record Silent(int Pid, bool IsStopped, DateTimeOffset KilledBy) : StopNews
    {
        /// <inheritdoc/>
        public override string Sentence(DateTimeOffset now, string command) =>
            $"process {Pid}, which runs the fleet, {(IsStopped ? "is stopped (SIGSTOP or Ctrl-Z)" : "does not answer")}: it is killed in {Words(KilledBy - now)}, by {command} sooner";
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
