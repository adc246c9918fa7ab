using System.Globalization;

namespace Harmony.Fleet.Operator.Api;

/// <summary>The query of a request, which <see cref="QueryGuard"/> let through: every parameter is known here, and has one value.</summary>
/// <param name="request">The request.</param>
internal readonly struct RequestQuery(HttpRequest request)
{
    /// <summary>A parameter's value; null where it was not given.</summary>
    public string? this[string name] => request.Query.TryGetValue(name, out var values) ? values[0] : null;

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
}
