using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>What <c>fleet get</c> was asked for.</summary>
/// <param name="Name">One resource; null for all of the scope.</param>
/// <param name="Scope">The namespace and the selector.</param>
/// <param name="Format">How to show it.</param>
/// <param name="ShowNamespace">Whether the table has a column for it.</param>
internal sealed record GetRequest(string? Name, Scope Scope, OutputFormat Format, bool ShowNamespace);
