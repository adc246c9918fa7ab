using Microsoft.Extensions.Logging.Testing;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>What was logged, as lines that tests look for.</summary>
internal static class LogExtensions
{
    /// <summary>Each record as level, event id, message and exception.</summary>
    public static string[] Lines(this FakeLogCollector log) =>
        [.. log.GetSnapshot().Select(record => $"{record.Level} {record.Id.Id}: {record.Message}{(record.Exception is null ? string.Empty : $" {record.Exception}")}")];

    /// <summary>How many lines contain <paramref name="part"/>.</summary>
    public static int Count(this FakeLogCollector log, string part) => log.Lines().Count(line => line.Contains(part, StringComparison.Ordinal));
}
