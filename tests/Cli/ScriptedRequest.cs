namespace Harmony.Fleet.Tests.Cli;

/// <summary>A request that a <see cref="ScriptedServer"/> got.</summary>
internal sealed record ScriptedRequest(string Method, string Path, string Query, string Body, string? Authorization)
{
    public override string ToString() => $"{Method} {Path}{Query}";
}
