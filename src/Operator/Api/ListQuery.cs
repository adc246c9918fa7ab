using System.Globalization;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Selectors;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Api;

/// <summary>The query of a list or a watch, parsed.</summary>
internal sealed record ListQuery
{
    /// <summary>Whether to watch instead of to list.</summary>
    public bool IsWatch { get; private init; }

    /// <summary>For a list.</summary>
    public ListOptions List { get; private init; } = ListOptions.All;

    /// <summary>For a watch.</summary>
    public WatchOptions Watch { get; private init; } = new();

    /// <summary>Parses the query of <paramref name="request"/>.</summary>
    /// <returns>The query; or what is wrong with it.</returns>
    public static (ListQuery? Query, ApiFailure? Failure) Parse(HttpRequest request, string? inNamespace)
    {
        if (!TryFlag(request, "watch", out var watch) || !TryLimit(request, out var limit))
        {
            return (null, ApiFailure.BadRequest("The query is wrong: watch is true or false, and limit a number of 0 or more."));
        }

        LabelSelector? labels = null;
        if (One(request, "labelSelector") is { Length: > 0 } text)
        {
            if (SelectorText.Parse(text) is not SelectorTextOutcome.Parsed parsed)
            {
                return (null, ApiFailure.BadRequest($"labelSelector: {((SelectorTextOutcome.Invalid)SelectorText.Parse(text)).Reason}"));
            }

            labels = parsed.LabelSelector;
        }

        return (new ListQuery
        {
            IsWatch = watch,
            List = new ListOptions { Namespace = inNamespace, LabelSelector = labels, Limit = limit, Continue = One(request, "continue") },
            Watch = new WatchOptions { Namespace = inNamespace, LabelSelector = labels, ResourceVersion = One(request, "resourceVersion") },
        }, null);
    }

    /// <summary>A parameter's last value; null where it is missing or empty.</summary>
    private static string? One(HttpRequest request, string name) => request.Query[name] is [.., { Length: > 0 } last] ? last : null;

    /// <summary>Reads a parameter that is true or false, as Kubernetes writes it.</summary>
    public static bool TryFlag(HttpRequest request, string name, out bool value)
    {
        var text = One(request, name);
        value = text is "true" or "True" or "1";
        return value || text is null or "false" or "False" or "0";
    }

    private static bool TryLimit(HttpRequest request, out int limit)
    {
        limit = 0;
        return One(request, "limit") is not { } text || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit);
    }
}
