using System.Text.Json.Nodes;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Contracts.Texts;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>Reads the documents of files, of all YAML and JSON files of a folder, or of stdin (<c>-</c>).</summary>
internal sealed class SourceLoader(CliHost host)
{
    /// <summary>All documents of <paramref name="paths"/>, in order; a list counts as its items.</summary>
    public async Task<Outcome<List<SourceDocument>>> LoadAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var documents = new List<SourceDocument>();
        foreach (var path in paths)
        {
            var sources = path == "-" ? await InputAsync(cancellationToken) : await FilesAsync(path, cancellationToken);
            if (!sources.IsOk)
            {
                return sources.Fault;
            }

            foreach (var (name, bytes) in sources.Value)
            {
                var added = Add(documents, Printable.Word(name), bytes);
                if (added is not null)
                {
                    return added;
                }
            }
        }

        return documents.Count == 0 ? Fault.Invalid($"{string.Join(", ", paths.Select(path => path == "-" ? "stdin" : path))} holds no resource") : documents;
    }

    private async Task<Outcome<List<(string Name, byte[] Bytes)>>> InputAsync(CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await host.Console.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            await bytes.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            if (bytes.Length > LoadLimits.MaxBytes)
            {
                return Fault.Invalid($"stdin is larger than {LoadLimits.MaxBytes / 1024} KiB", "apply it in parts");
            }
        }

        return new List<(string Name, byte[] Bytes)> { ("stdin", bytes.ToArray()) };
    }

    private async Task<Outcome<List<(string Name, byte[] Bytes)>>> FilesAsync(string path, CancellationToken cancellationToken)
    {
        var full = host.FullPath(path);
        var files = Directory.Exists(full)
            ? Directory.EnumerateFiles(full).Where(IsResourceFile).Order(StringComparer.Ordinal).Select(file => (Name: Path.Combine(path, Path.GetFileName(file)), Full: file)).ToList()
            : [(Name: path, Full: full)];
        if (files.Count == 0)
        {
            return Fault.Invalid($"the folder {path} holds no .yaml, .yml or .json file", "name one that does, or a file");
        }

        var read = new List<(string Name, byte[] Bytes)>();
        foreach (var file in files)
        {
            var bytes = await CappedFile.ReadAsync(file.Full, LoadLimits.MaxBytes, cancellationToken);
            if (!bytes.IsOk)
            {
                return bytes.Fault;
            }

            read.Add((file.Name, bytes.Value));
        }

        return read;
    }

    private static bool IsResourceFile(string path) => Path.GetExtension(path).ToLowerInvariant() is ".yaml" or ".yml" or ".json";

    private static Fault? Add(List<SourceDocument> documents, string name, byte[] bytes)
    {
        var values = Parse(name, bytes);
        if (!values.IsOk)
        {
            return values.Fault;
        }

        for (var index = 0; index < values.Value.Count; index++)
        {
            var origin = values.Value.Count == 1 ? name : $"{name} (document {index + 1})";
            if (AddDocument(documents, origin, values.Value[index]) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static Fault? AddDocument(List<SourceDocument> documents, string origin, JsonNode? value)
    {
        if (value is not JsonObject content)
        {
            return Fault.Invalid($"{origin} is no resource", "it should be an object with apiVersion, kind, metadata and spec");
        }

        if (IsList(content) && content["items"] is not JsonArray)
        {
            return Fault.Invalid($"{origin}: items: {(content.ContainsKey("items") ? "must be the list's resources" : "Required value")}", "write [] where there are none");
        }

        if (content["items"] is not JsonArray items || content.ContainsKey("spec"))
        {
            documents.Add(new SourceDocument(origin, content));
            return documents.Count > LoadLimits.MaxDocuments ? Fault.Invalid($"these are more than {LoadLimits.MaxDocuments} resources", "apply them in parts") : null;
        }

        for (var index = 0; index < items.Count; index++)
        {
            if (AddDocument(documents, $"{origin} (items[{index}])", items[index]) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static bool IsList(JsonObject content) =>
        content["kind"] is JsonValue kind && kind.TryGetValue(out string? word) && word.EndsWith("List", StringComparison.Ordinal) && !content.ContainsKey("spec");

    private static Outcome<List<JsonNode?>> Parse(string name, byte[] bytes)
    {
        var text = SourceText.Decode(bytes, name);
        if (!text.IsOk)
        {
            return text.Fault;
        }

        var first = bytes.AsSpan().TrimStart("\ufeff"u8).TrimStart(" \t\r\n"u8);
        var mayBeJson = first is [(byte)'{' or (byte)'[', ..];
        var isJsonFile = string.Equals(Path.GetExtension(name), ".json", StringComparison.OrdinalIgnoreCase);
        var json = mayBeJson || isJsonFile ? JsonLoader.Load(bytes, name) : default;
        if ((mayBeJson && json.IsOk) || isJsonFile)
        {
            return json;
        }

        // YAML's flow style also begins with a brace: where neither reads it, the JSON error is the clearer one.
        var yaml = YamlLoader.Load(text.Value, name);
        return mayBeJson && !yaml.IsOk ? json : yaml;
    }
}

/// <summary>One document of a file.</summary>
/// <param name="Origin">Where it was read, for messages: the file's name, and which document of it where there are several.</param>
/// <param name="Content">What it says.</param>
internal sealed record SourceDocument(string Origin, JsonObject Content);

/// <summary>How much of a file is taken.</summary>
internal static class LoadLimits
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The deepest nesting; that of the API.</summary>
    public const int MaxDepth = Contracts.Bus.WireLimits.MaxJsonDepth;

    /// <summary>The most values of a file, those repeated by aliases counted each time.</summary>
    public const int MaxNodes = 200_000;

    /// <summary>The most documents of one call.</summary>
    public const int MaxDocuments = 10_000;
}
