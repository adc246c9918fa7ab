namespace Harmony.Fleet.Cli.Outcomes;

/// <summary>Why a command did not do what was asked.</summary>
/// <param name="ExitCode">One of <see cref="Cli.ExitCode"/>.</param>
/// <param name="What">What went wrong, without a full stop.</param>
/// <param name="Advice">What to do about it, without a full stop; null where <paramref name="What"/> says it.</param>
internal sealed record CliError(int ExitCode, string What, string? Advice = null)
{
    /// <summary>The API's word for it, one of <see cref="Contracts.Api.StatusReasons"/>; null where the API did not answer.</summary>
    public string? Reason { get; init; }

    /// <summary>The one sentence that people read.</summary>
    public override string ToString() => Advice is null ? What : $"{What}: {Advice}";

    /// <summary>The command line or a file is wrong.</summary>
    public static CliError Usage(string what, string? advice = null) => new(Cli.ExitCode.Usage, what, advice);

    /// <summary>It could not be done.</summary>
    public static CliError Failed(string what, string? advice = null) => new(Cli.ExitCode.Failed, what, advice);

    /// <summary>Nobody answers.</summary>
    public static CliError Unreachable(string what, string? advice = null) => new(Cli.ExitCode.Unreachable, what, advice);
}
