using System.Text.Json.Nodes;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>One document of a file.</summary>
/// <param name="Origin">Where it was read, for messages: the file's name, and which document of it where there are several.</param>
/// <param name="Content">What it says.</param>
internal sealed record SourceDocument(string Origin, JsonObject Content);
