using System.Collections.Immutable;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Describing;

/// <summary>Conditions as a table.</summary>
internal static class ConditionTable
{
    private static readonly string[] Headers = ["TYPE", "STATUS", "SINCE", "REASON", "MESSAGE"];

    /// <summary>Writes <paramref name="conditions"/> as a section of <paramref name="sheet"/>.</summary>
    public static void Write(Sheet sheet, ImmutableArray<Condition> conditions, DateTimeOffset now) => sheet.Section("Conditions", () => sheet.Table(
        Headers,
        [.. conditions.Select(condition => (Cell[])[condition.Type, $"{condition.Status}", Age.Of(condition.LastTransitionTime, now), condition.Reason, condition.Message])]));
}
