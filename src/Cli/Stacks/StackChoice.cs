namespace Harmony.Fleet.Cli.Stacks;

/// <summary>What the command line says about which operator to speak to; null where it says nothing.</summary>
/// <param name="Server"><c>--server</c>.</param>
/// <param name="TokenFile"><c>--token-file</c>.</param>
/// <param name="Data"><c>--data</c>.</param>
internal sealed record StackChoice(string? Server, string? TokenFile, string? Data);
