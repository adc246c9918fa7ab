namespace Harmony.Fleet.Tests.Cli;

/// <summary>What a call of the program did.</summary>
internal sealed record CliRun(int Code, string Out, string Error)
{
    /// <summary>All of it, for golden texts.</summary>
    public override string ToString() => $"exit {Code}\n--- stdout\n{Out}--- stderr\n{Error}";
}
