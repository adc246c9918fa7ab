using System.Collections.Immutable;
using System.Globalization;

namespace Harmony.Fleet.Hosting.Services;

/// <summary>What a service's process ends with. Documented in docs/services.md; service managers and scripts depend on them.</summary>
public static class ExitCodes
{
    /// <summary>It was stopped, and did so in order; or it said what it was asked.</summary>
    public const int Done = 0;

    /// <summary>It could not start, or broke; stderr or its log says why.</summary>
    public const int Failed = 1;

    /// <summary>The arguments or the settings are wrong: starting it again does not help.</summary>
    public const int Usage = 2;

    /// <summary>Something that it needs is not on this machine: starting it again does not help before it is installed.</summary>
    public const int NeedMissing = 8;

    /// <summary>The self-test found something that is not right.</summary>
    public const int SelfTestFailed = 9;

    /// <summary>The codes and what they mean, as <c>--help</c> lists them.</summary>
    public static ImmutableArray<(int Code, string Meaning)> Table { get; } =
    [
        (Done, "stopped as asked; the self-test found nothing wrong"),
        (Failed, "could not start, or broke: stderr or the log says why"),
        (Usage, "the arguments or the settings are wrong"),
        (NeedMissing, "something that it needs is not installed on this machine"),
        (SelfTestFailed, "the self-test found something that is not right"),
    ];

    /// <summary>The table as text.</summary>
    internal static string Text => string.Join('\n', Table.Select(row => string.Create(CultureInfo.InvariantCulture, $"  {row.Code}  {row.Meaning}")));
}
