using Harmony.Fleet.Contracts.Bus;

namespace Harmony.Fleet.Operator.Documents;

/// <summary>Reads a generation of which both parts are there.</summary>
internal static class PlainGeneration
{
    private const uint Required = (1 << (int)Field.Term) | (1 << (int)Field.Counter);
    private static readonly byte[][] Names = PlainJson.NamesOf<Field>();

    private enum Field
    {
        Term,
        Counter,
    }

    /// <summary>The value that <paramref name="json"/> stands at.</summary>
    public static Generation Read(ref PlainJson json)
    {
        json.BeginObject();
        var (seen, term, counter) = (0u, 0L, 0L);
        for (int field; (field = json.NextField(Names, ref seen)) != PlainJson.End;)
        {
            var part = json.Whole();
            (term, counter) = (Field)field == Field.Term ? (part, counter) : (term, part);
        }

        json.Demand((seen & Required) == Required);
        return new(term, counter);
    }
}
