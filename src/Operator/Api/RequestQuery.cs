using System.Globalization;

namespace Harmony.Fleet.Operator.Api;

/// <summary>
/// The query of a request, read strictly. A parameter that nobody knows here, that is empty, or that is given twice is refused: ignored, it
/// would leave the request to mean more than its sender did.
/// </summary>
internal sealed class RequestQuery
{
    private readonly Dictionary<string, string> values;

    private RequestQuery(Dictionary<string, string> values) => this.values = values;

    /// <summary>A parameter's value; null where it was not given.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Reads the query of <paramref name="request"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="known">The parameters that it may have.</param>
    /// <returns>The query; or what is wrong with it.</returns>
    public static (RequestQuery? Query, ApiFailure? Failure) Read(HttpRequest request, params ReadOnlySpan<string> known)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, given) in request.Query)
        {
            if (!known.Contains(name))
            {
                return (null, Wrong($"{Told(name)} is no parameter of this path{(known.IsEmpty ? string.Empty : $"; there are {string.Join(", ", known!)}")}"));
            }

            if (given is not [{ Length: > 0 } value])
            {
                return (null, Wrong(given.Count > 1 ? $"{name} is given {given.Count} times" : $"{name} is empty; leave it out, or give it a value"));
            }

            read[name] = value;
        }

        return (new RequestQuery(read), null);
    }

    /// <summary>Reads a parameter that is true or false, as Kubernetes writes it; false where it was not given.</summary>
    public bool TryFlag(string name, out bool value)
    {
        var text = this[name];
        value = text is "true" or "True" or "1";
        return value || text is null or "false" or "False" or "0";
    }

    /// <summary>Reads a parameter that is a number of 0 or more; null where it was not given.</summary>
    public bool TryNumber(string name, out int? value)
    {
        var isNumber = int.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        value = isNumber ? number : null;
        return isNumber || this[name] is null;
    }

    /// <summary>The failure for a wrong query.</summary>
    public static ApiFailure Wrong(string what) => ApiFailure.BadRequest($"The query is wrong: {what}.");

    private static string Told(string name) => name.Length <= 64 ? $"'{name}'" : $"'{name[..64]}...'";
}
