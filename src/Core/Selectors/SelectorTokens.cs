namespace Harmony.Fleet.Core.Selectors;

/// <summary>Cuts a selector's text into its tokens: <c>! = == != ( ) ,</c>, and everything between them and white space.</summary>
internal sealed class SelectorTokens
{
    private const string Special = "=!(),<>";
    private readonly string text;
    private int at;

    public SelectorTokens(string text)
    {
        this.text = text;
        Next = Read();
    }

    /// <summary>The next token; empty at the end.</summary>
    public string Next { get; private set; }

    /// <summary>Whether the next token is a key or a value.</summary>
    public bool NextIsText => Next.Length > 0 && !Special.Contains(Next[0], StringComparison.Ordinal);

    /// <summary>Takes the next token, whatever it is.</summary>
    public string Take()
    {
        var taken = Next;
        Next = Read();
        return taken;
    }

    /// <summary>Takes the next token where it is <paramref name="token"/>.</summary>
    public bool TryTake(string token)
    {
        var found = string.Equals(Next, token, StringComparison.Ordinal);
        if (found)
        {
            Take();
        }

        return found;
    }

    /// <summary>Takes a label's key.</summary>
    /// <exception cref="FormatException">The next token is none.</exception>
    public string TakeKey() => NextIsText && Next is not ("in" or "notin") ? Take() : throw Unexpected("a label's key");

    /// <summary>The error for a next token that is not what it should be.</summary>
    public FormatException Unexpected(string expected) => new($"found '{Next}', expected: {expected}");

    private string Read()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\r' or '\n')
        {
            at++;
        }

        if (at == text.Length)
        {
            return string.Empty;
        }

        var start = at++;
        if (Special.Contains(text[start], StringComparison.Ordinal))
        {
            // '=' may follow '=' and '!': the only tokens of two characters.
            at += text[start] is '=' or '!' && at < text.Length && text[at] == '=' ? 1 : 0;
            return text[start..at];
        }

        while (at < text.Length && !Special.Contains(text[at], StringComparison.Ordinal) && !char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return text[start..at];
    }
}
