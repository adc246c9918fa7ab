namespace Harmony.Fleet.Cli;

/// <summary>What a second Ctrl-C means: usually the end at once, but not while processes and containers are being ended.</summary>
internal sealed class Interruption
{
    /// <summary>Whether something must be cleared up before the process may end: then further signals change nothing.</summary>
    public bool MustClearUp { get; set; }
}
