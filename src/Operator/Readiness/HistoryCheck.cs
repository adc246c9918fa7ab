using System.Globalization;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Readiness;

/// <summary>Whether the store still holds all that it acknowledged.</summary>
/// <param name="history">What is known of it.</param>
internal sealed class HistoryCheck(IStoreHistory history) : IReadinessCheck
{
    /// <inheritdoc/>
    public string Name => "history";

    /// <summary>Who looks what is missing needs the operator.</summary>
    public bool IsWarning => true;

    /// <inheritdoc/>
    public string? Missing() => history.Lost is { } lost
        ? string.Create(CultureInfo.InvariantCulture, $"WritesLost: {Loss(lost)}, as was found at {lost.At:yyyy-MM-ddTHH:mm:ssZ}: it counts as an older copy. Look for what is missing with 'fleet get deployments' and 'fleet recover', or put a backup back; then say 'fleet recover --acknowledge'.")
        : null;

    private static string Loss(LostWrites lost) => lost switch
    {
        { IsCertain: false } => $"the store may have lost acknowledged writes (the mark beside it, which says how far it had come, was missing or not readable, and resourceVersion {lost.From} was its last)",
        { From: var from, Until: var until } when from == until => $"the store lost acknowledged writes (resourceVersion {from} is not behind, but its term is)",
        _ => $"the store lost acknowledged writes (resourceVersion {lost.From} to {lost.Until})",
    };
}
