namespace Harmony.Fleet.Cli.Output;

/// <summary>Counts in sentences.</summary>
internal static class CountText
{
    /// <summary><c>1 device</c>, <c>2 devices</c>.</summary>
    public static string Of(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
