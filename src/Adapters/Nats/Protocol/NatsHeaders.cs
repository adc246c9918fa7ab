using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;

namespace Harmony.Fleet.Adapters.Nats.Protocol;

/// <summary>
/// The headers of a message, kept as the block that travels: made once, sent many times; received, checked once, and read where it is asked.
/// Names are case-sensitive; a name may have several values.
/// </summary>
public sealed class NatsHeaders
{
    private readonly ReadOnlyMemory<byte> _block;

    private NatsHeaders(ReadOnlyMemory<byte> block, int status, string? statusText, int count)
    {
        _block = block;
        Status = status;
        StatusText = statusText;
        Count = count;
    }

    /// <summary>The inline status, for example 503; 0 where there is none.</summary>
    public int Status { get; }

    /// <summary>What follows the status.</summary>
    public string? StatusText { get; }

    /// <summary>How many values there are, over all names.</summary>
    public int Count { get; }

    /// <summary>Every name with each of its values, in their order.</summary>
    public IEnumerable<KeyValuePair<string, string>> Entries
    {
        get
        {
            for (var at = HeaderBlock.FirstLine(_block.Span); HeaderBlock.TryNext(_block.Span, ref at, out var name, out var value);)
            {
                yield return new(Encoding.UTF8.GetString(_block.Span[name]), Encoding.UTF8.GetString(_block.Span[value]));
            }
        }
    }

    /// <summary>The block as it travels, the closing empty line included.</summary>
    internal ReadOnlySpan<byte> Block => _block.Span;

    /// <summary>One header.</summary>
    /// <exception cref="ArgumentException">A name or a value that would break the block.</exception>
    public static NatsHeaders Of(string name, string value) => Of([new(name, value)]);

    /// <summary>Several headers, in this order.</summary>
    /// <exception cref="ArgumentException">A name or a value that would break the block.</exception>
    public static NatsHeaders Of(params ReadOnlySpan<KeyValuePair<string, string>> headers) => new(HeaderBlock.Encode(headers), 0, null, headers.Length);

    /// <summary>Reads a received block. It keeps the memory.</summary>
    /// <returns>Whether it is well-formed and within <see cref="HeaderBlock.MaxBytes"/> and <see cref="HeaderBlock.MaxValues"/>.</returns>
    internal static bool TryParse(ReadOnlyMemory<byte> block, out NatsHeaders? headers)
    {
        headers = null;
        if (!HeaderBlock.TryCheck(block.Span, out var status, out var text, out var count))
        {
            return false;
        }

        headers = new(block, status, text.IsEmpty ? null : Encoding.UTF8.GetString(text), count);
        return true;
    }

    /// <summary>These headers and one more value.</summary>
    /// <exception cref="ArgumentException">A name or a value that would break the block.</exception>
    public NatsHeaders With(string name, string value) => Of([.. Entries, new(name, value)]);

    /// <summary>The first value of <paramref name="name"/>; null where there is none.</summary>
    public string? Get(string name) => TryFind(name, out var value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>Every value of <paramref name="name"/>.</summary>
    public ImmutableArray<string> GetAll(string name) =>
        [.. Entries.Where(entry => string.Equals(entry.Key, name, StringComparison.Ordinal)).Select(entry => entry.Value)];

    /// <summary>The first value of <paramref name="name"/> as a number, without making a string of it.</summary>
    public bool TryGetNumber(string name, out ulong number)
    {
        number = 0;
        return TryFind(name, out var value) && Utf8Parser.TryParse(value, out number, out var read) && read == value.Length;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Count} headers, status {Status}";

    private bool TryFind(string name, out ReadOnlySpan<byte> value)
    {
        var block = _block.Span;
        for (var at = HeaderBlock.FirstLine(block); HeaderBlock.TryNext(block, ref at, out var found, out var range);)
        {
            if (HeaderBlock.IsNamed(block[found], name))
            {
                value = block[range];
                return true;
            }
        }

        value = default;
        return false;
    }
}
