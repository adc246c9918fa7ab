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
        var query = new RequestQuery(request);
        if (!query.TryFlag("watch", out var watch) || !query.TryNumber("limit", out var limit))
        {
            return (null, RequestQuery.Wrong("watch is true or false, and limit a number of 0 or more"));
        }

        LabelSelector? labels = null;
        switch (query["labelSelector"] is { } text ? SelectorText.Parse(text) : null)
        {
            case SelectorTextOutcome.Parsed { LabelSelector.MatchExpressions: { IsEmpty: false } } parsed:
                labels = parsed.LabelSelector;
                break;
            case SelectorTextOutcome.Invalid invalid:
                return (null, ApiFailure.BadRequest($"labelSelector: {invalid.Reason}"));
            case not null:
                return (null, RequestQuery.Wrong("labelSelector is empty; leave it out for all"));
        }

        return (new ListQuery
        {
            IsWatch = watch,
            List = new ListOptions { Namespace = inNamespace, LabelSelector = labels, Limit = limit ?? 0, Continue = query["continue"] },
            Watch = new WatchOptions { Namespace = inNamespace, LabelSelector = labels, ResourceVersion = query["resourceVersion"] },
        }, null);
    }
}
