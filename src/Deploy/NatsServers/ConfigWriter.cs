using System.Text;

namespace Harmony.Fleet.Deploy.NatsServers;

/// <summary>Writes the server's configuration language: every text quoted, so that no value can become syntax.</summary>
internal sealed class ConfigWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>A block: <c>name { ... }</c>.</summary>
    public ConfigWriter Block(string name, Action<ConfigWriter> content) => Nest(name + " ", '{', content, '}');

    /// <summary>A block without a name, in a list.</summary>
    public ConfigWriter Item(Action<ConfigWriter> content) => Nest(string.Empty, '{', content, '}');

    /// <summary>A list of items: <c>name: [ ... ]</c>.</summary>
    public ConfigWriter List(string name, Action<ConfigWriter> content) => Nest(name + ": ", '[', content, ']');

    /// <summary>A setting with a text.</summary>
    public ConfigWriter Text(string name, string value) => Line($"{name}: {Quote(value)}");

    /// <summary>A setting with a number; null is left out.</summary>
    public ConfigWriter Number(string name, long? value) => value is null ? this : Line($"{name}: {value}");

    /// <summary>A setting with a list of texts.</summary>
    public ConfigWriter Texts(string name, IEnumerable<string> values) => Line($"{name}: [{string.Join(", ", values.Select(Quote))}]");

    /// <summary>A line as it is.</summary>
    public ConfigWriter Line(string line)
    {
        _text.Append(' ', _depth * 2).Append(line).Append('\n');
        return this;
    }

    /// <summary>A text that means itself.</summary>
    /// <exception cref="ArgumentException">It has a control character.</exception>
    public static string Quote(string text) => text.Any(char.IsControl)
        ? throw new ArgumentException("A setting of nats-server may not have control characters.", nameof(text))
        : $"\"{text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private ConfigWriter Nest(string name, char open, Action<ConfigWriter> content, char close)
    {
        Line(name + open);
        _depth++;
        content(this);
        _depth--;
        return Line(close.ToString());
    }
}
