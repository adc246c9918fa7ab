using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>
/// The library's parser. For some texts that are no YAML, such as an unclosed <c>[</c> before a key, it throws what a fault of its own would be: here that is
/// an error of syntax as others are, at the place that was read up to.
/// </summary>
internal sealed class YamlEvents : IParser
{
    private readonly Scanner scanner;
    private readonly Parser parser;

    /// <summary>What <paramref name="text"/> consists of.</summary>
    public YamlEvents(string text)
    {
        scanner = new Scanner(new StringReader(text));
        parser = new Parser(scanner);
    }

    /// <inheritdoc/>
    public ParsingEvent? Current => parser.Current;

    /// <inheritdoc/>
    public bool MoveNext()
    {
        try
        {
            return parser.MoveNext();
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            var why = broken is ArgumentException ? broken.Message.Split(" (Parameter")[0] : "a bracket or a quote before this is not closed";
            throw new YamlException(scanner.CurrentPosition, scanner.CurrentPosition, why, broken);
        }
    }
}
