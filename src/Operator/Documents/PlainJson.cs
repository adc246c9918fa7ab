using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Documents;

/// <summary>
/// Reads JSON of the plain form in which documents are written: each field once, of the type that it should have, its texts without escapes and in ASCII where they are names.
/// Whatever is not so ends the reading, with <see cref="IsPlain"/> false: it is for the serializer to judge. So nothing is refused here, and nothing is taken otherwise.
/// </summary>
/// <param name="bytes">The document.</param>
/// <param name="texts">What texts are taken from that many documents hold.</param>
/// <param name="takesUnknown">Whether fields that are not known are plain, too.</param>
internal ref struct PlainJson(ReadOnlySpan<byte> bytes, TextCache texts, bool takesUnknown)
{
    /// <summary>Told by <see cref="NextField"/>: the object is over.</summary>
    public const int End = -1;

    private Utf8JsonReader reader = new(bytes, new JsonReaderOptions { MaxDepth = WireLimits.MaxJsonDepth });

    /// <summary>Whether all was plain so far.</summary>
    public bool IsPlain { get; private set; } = true;

    /// <summary>The fields of <typeparamref name="TField"/> as JSON names them, by their numbers.</summary>
    public static byte[][] NamesOf<TField>()
        where TField : struct, Enum =>
        [.. Enum.GetNames<TField>().Select(name => Encoding.ASCII.GetBytes(JsonNamingPolicy.CamelCase.ConvertName(name)))];

    /// <summary>What reads an object into a document.</summary>
    public delegate T Reading<out T>(ref PlainJson json);

    /// <summary>Reads a whole document; null where it is not plain.</summary>
    public T? Whole<T>(Reading<T> read)
        where T : class
    {
        try
        {
            Demand(reader.Read());
            var document = read(ref this);
            return IsPlain && !reader.Read() ? document : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null; // No JSON, or text that is no Unicode: the serializer says so.
        }
    }

    /// <summary>The value has to be an object.</summary>
    public void BeginObject() => Demand(reader.TokenType == JsonTokenType.StartObject);

    /// <summary>The value has to be an array.</summary>
    public void BeginArray() => Demand(reader.TokenType == JsonTokenType.StartArray);

    /// <summary>Goes to the next element of an array; false at its end.</summary>
    public bool NextElement() => IsPlain && reader.Read() && reader.TokenType != JsonTokenType.EndArray;

    /// <summary>Goes to the value of the next field that is known, over those that are not.</summary>
    /// <param name="names">The known ones.</param>
    /// <param name="seen">Those that were there, a bit for each.</param>
    /// <returns>The field's number; <see cref="End"/> where there is none.</returns>
    public int NextField(byte[][] names, ref uint seen)
    {
        while (IsPlain && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // The serializer has its own meaning of names that are escaped, and of some that begin with $.
            var name = reader.ValueSpan;
            var field = IndexOf(names, name, seen);
            Demand(!reader.ValueIsEscaped && Ascii.IsValid(name) && !name.StartsWith((byte)'$') && (takesUnknown || field >= 0) && reader.Read());
            if (field < 0)
            {
                reader.Skip();
                continue;
            }

            Demand((seen & (1u << field)) == 0);
            seen |= 1u << field;
            return IsPlain ? field : End;
        }

        return End;
    }

    /// <summary>Goes to the next value of an object whose names are not known before; null at its end.</summary>
    /// <returns>Its name.</returns>
    public string? NextName()
    {
        if (!IsPlain || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
        {
            return null;
        }

        var name = reader.ValueSpan;
        return Demand(!reader.ValueIsEscaped && Ascii.IsValid(name) && !name.StartsWith((byte)'$')) && texts.Of(name) is var text && Demand(reader.Read()) ? text : null;
    }

    /// <summary>Whether the value is null: only where one is allowed.</summary>
    public readonly bool IsNull() => reader.TokenType == JsonTokenType.Null;

    /// <summary>A text of any kind.</summary>
    public string Text() => Demand(reader.TokenType == JsonTokenType.String) ? reader.GetString()! : string.Empty;

    /// <summary>A name, or a word, that many documents hold.</summary>
    public string Shared() => texts.Of(Word());

    /// <summary>A name that is valid.</summary>
    public T Name<T>()
        where T : struct, IName<T>
    {
        Demand(T.TryParse(Shared(), out var name));
        return name;
    }

    /// <summary>The text of <paramref name="expected"/> and no other.</summary>
    public void Text(string expected) => Demand(Ascii.Equals(Word(), expected));

    /// <summary>Which of <paramref name="words"/> it is; 0 for any other word.</summary>
    public int WordOf(string[] words)
    {
        var word = Word();
        for (var number = 0; number < words.Length; number++)
        {
            if (Ascii.Equals(word, words[number]))
            {
                return number;
            }
        }

        return 0;
    }

    /// <summary>A text without escapes, in ASCII.</summary>
    public ReadOnlySpan<byte> Word() => Demand(reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && Ascii.IsValid(reader.ValueSpan)) ? reader.ValueSpan : default;

    /// <summary>A whole number.</summary>
    public long Whole() => reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : Other<long>();

    /// <summary>Any number.</summary>
    public double Number() => reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) ? number : Other<double>();

    /// <summary>A whole number of 32 bits.</summary>
    public int Whole32() => reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : Other<int>();

    /// <summary>True or false.</summary>
    public bool Truth() => Demand(reader.TokenType is JsonTokenType.True or JsonTokenType.False) && reader.TokenType == JsonTokenType.True;

    /// <summary>A time.</summary>
    public DateTimeOffset Time() => reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time) ? time : Other<DateTimeOffset>();

    /// <summary>Bytes.</summary>
    public byte[] Base64() => reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var value) ? value : NoBytes();

    /// <summary>It is plain only where this holds.</summary>
    public bool Demand(bool holds) => holds || (IsPlain = false);

    private byte[] NoBytes()
    {
        IsPlain = false;
        return [];
    }

    private T Other<T>()
        where T : struct
    {
        IsPlain = false;
        return default;
    }

    /// <summary>Fields come in their order nearly always: those that were not there are looked at first.</summary>
    private static int IndexOf(byte[][] names, ReadOnlySpan<byte> name, uint seen)
    {
        var from = 32 - System.Numerics.BitOperations.LeadingZeroCount(seen);
        for (var number = from; number < names.Length; number++)
        {
            if (name.SequenceEqual(names[number]))
            {
                return number;
            }
        }

        for (var number = 0; number < from; number++)
        {
            if (name.SequenceEqual(names[number]))
            {
                return number;
            }
        }

        return -1;
    }
}
