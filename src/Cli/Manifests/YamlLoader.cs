using System.Text.Json.Nodes;
using Harmony.Fleet.Core.Outcomes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>
/// Reads YAML as JSON values. Of YAML's features it takes what a resource needs: a key that is there twice, a tag that is not of the core
/// schema, nesting that is too deep, and aliases that would blow up are errors with their line.
/// </summary>
internal sealed class YamlLoader
{
    private readonly IParser parser;
    private readonly Dictionary<string, JsonNode?> anchors = new(StringComparer.Ordinal);
    private int nodes;

    private YamlLoader(IParser parser) => this.parser = parser;

    /// <summary>The documents of <paramref name="text"/>; empty ones are left out.</summary>
    public static Outcome<List<JsonNode?>> Load(string text, string origin)
    {
        try
        {
            return new YamlLoader(new YamlEvents(text)).Documents();
        }
        catch (YamlException error) when (error.Message.Contains(" tab ", StringComparison.Ordinal) && Tab(text, (int)error.Start.Line) is { } tab)
        {
            return Fault.Invalid($"{origin} is no YAML that a resource can be written in (line {tab.Line}, column {tab.Column}): a tab stands where only spaces indent", "write spaces");
        }
        catch (YamlException error)
        {
            return Fault.Invalid($"{origin} is no YAML that a resource can be written in (line {error.Start.Line}, column {error.Start.Column}): {YamlErrors.Sentence(error)}");
        }
    }

    /// <summary>The first tab before the words of a line; the library names only where what it breaks began.</summary>
    private static (int Line, int Column)? Tab(string text, int from)
    {
        var lines = text.Split('\n');
        for (var line = Math.Max(0, from - 1); line < lines.Length; line++)
        {
            var indent = lines[line].Length - lines[line].TrimStart(' ', '\t').Length;
            if (lines[line].IndexOf('\t', 0, indent) is >= 0 and var tab)
            {
                return (line + 1, tab + 1);
            }
        }

        return null;
    }

    private List<JsonNode?> Documents()
    {
        var documents = new List<JsonNode?>();
        parser.Consume<StreamStart>();
        while (parser.TryConsume<DocumentStart>(out _))
        {
            anchors.Clear();
            var isEmpty = parser.Accept<Scalar>(out var scalar) && scalar is { Value.Length: 0, Style: ScalarStyle.Plain or ScalarStyle.Any };
            var document = Node(1);
            parser.Consume<DocumentEnd>();
            if (!isEmpty)
            {
                documents.Add(document);
            }

            if (documents.Count > LoadLimits.MaxDocuments)
            {
                throw new YamlException($"more than {LoadLimits.MaxDocuments} documents");
            }
        }

        return documents;
    }

    private JsonNode? Node(int depth)
    {
        var at = parser.Current!;
        Count(at, 1);
        if (depth > LoadLimits.MaxDepth)
        {
            throw new YamlException(at.Start, at.End, $"nested deeper than {LoadLimits.MaxDepth} levels");
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Alias(alias, depth);
        }

        var anchor = at is NodeEvent { Anchor.IsEmpty: false } named ? named.Anchor.Value : null;
        JsonNode? value = at switch
        {
            Scalar scalar => Value(scalar),
            MappingStart mapping => Mapping(mapping, depth),
            SequenceStart sequence => Sequence(sequence, depth),
            _ => throw new YamlException(at.Start, at.End, "a value is expected"),
        };
        if (anchor is not null)
        {
            anchors[anchor] = value;
        }

        return value;
    }

    private JsonNode? Alias(AnchorAlias alias, int depth)
    {
        if (!anchors.TryGetValue(alias.Value.Value, out var anchored))
        {
            throw new YamlException(alias.Start, alias.End, $"the alias *{alias.Value.Value} has no anchor before it");
        }

        var (size, height) = Measure(anchored);
        Count(alias, size);
        return depth + height > LoadLimits.MaxDepth
            ? throw new YamlException(alias.Start, alias.End, $"nested deeper than {LoadLimits.MaxDepth} levels")
            : Copy(anchored);
    }

    private static JsonNode? Copy(JsonNode? node) => node switch
    {
        JsonObject mapping => new JsonObject(mapping.Select(pair => KeyValuePair.Create(pair.Key, Copy(pair.Value)))),
        JsonArray sequence => new JsonArray([.. sequence.Select(Copy)]),
        JsonValue value when value.TryGetValue<WrittenNumber>(out var written) => written.ToNode(),
        _ => node?.DeepClone(),
    };

    private static (int Size, int Height) Measure(JsonNode? node)
    {
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject mapping => mapping.Select(pair => pair.Value),
            JsonArray sequence => sequence,
            _ => [],
        };
        return children.Select(Measure).Aggregate((Size: 1, Height: 0), (sum, child) => (sum.Size + child.Size, Math.Max(sum.Height, child.Height + 1)));
    }

    private void Count(ParsingEvent at, int more)
    {
        nodes += more;
        if (nodes > LoadLimits.MaxNodes)
        {
            throw new YamlException(at.Start, at.End, $"more than {LoadLimits.MaxNodes} values");
        }
    }

    private JsonNode? Value(Scalar scalar)
    {
        parser.Consume<Scalar>();
        CheckTag(scalar, "str", "int", "float", "bool", "null");
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any) || IsText(scalar.Tag))
        {
            return JsonValue.Create(scalar.Value);
        }

        return YamlScalar.TryResolve(scalar.Value, out var value)
            ? value
            : throw new YamlException(scalar.Start, scalar.End, $"'{scalar.Value}' has no form in JSON");
    }

    private JsonObject Mapping(MappingStart mapping, int depth)
    {
        parser.Consume<MappingStart>();
        CheckTag(mapping, "map");
        var members = new JsonObject();
        JsonObject? merged = null;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                throw new YamlException(parser.Current!.Start, parser.Current.End, "a key is a text");
            }

            Count(key, 1);
            var value = Node(depth + 1);
            if (YamlMerge.IsKey(key))
            {
                merged = merged is null ? YamlMerge.Sources(key, value, members) : throw Twice(key);
            }
            else if (!members.TryAdd(key.Value, value))
            {
                throw Twice(key);
            }
        }

        YamlMerge.Fill(members, merged);
        return members;
    }

    private static YamlException Twice(Scalar key) => new(key.Start, key.End, $"the key '{key.Value}' is there twice");

    private JsonArray Sequence(SequenceStart sequence, int depth)
    {
        parser.Consume<SequenceStart>();
        CheckTag(sequence, "seq");
        var items = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(depth + 1));
        }

        return items;
    }

    private static bool IsText(TagName tag) => !tag.IsEmpty && (tag.IsNonSpecific || tag.Value.EndsWith(":str", StringComparison.Ordinal));

    private static void CheckTag(NodeEvent node, params ReadOnlySpan<string> known)
    {
        const string Core = "tag:yaml.org,2002:";
        if (node.Tag.IsEmpty || node.Tag.IsNonSpecific)
        {
            return;
        }

        var tag = node.Tag.Value;
        if (!tag.StartsWith(Core, StringComparison.Ordinal) || !known.Contains(tag[Core.Length..]))
        {
            throw new YamlException(node.Start, node.End, $"the tag {tag} is not known");
        }
    }
}
