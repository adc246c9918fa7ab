using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Validation;

/// <summary>What a score must be. The operator checks it before it gives it to a device, and the agent before it carries it out.</summary>
public static class ScoreRules
{
    private const int MaxGraceSeconds = 3600;

    /// <summary>All that is wrong with <paramref name="score"/>; empty where nothing is.</summary>
    public static IEnumerable<FieldError> Check(ReconcileScore score, string path) => score.PodmanV0 is { } podman
        ? Podman(podman, $"{path}.PodmanV0")
        : [FieldError.Required(path, "exactly one kind of score must be set; known kinds: PodmanV0")];

    private static IEnumerable<FieldError> Podman(PodmanV0Score score, string path) =>
    [
        .. Count(score, path),
        .. score.Containers.SelectMany((container, index) => ContainerRules.Check(container, $"{path}.containers[{index}]")),
        .. Names(score, path),
        .. PortRules.CheckConflicts(score, path),
        .. Policy(score, path),
    ];

    private static IEnumerable<FieldError> Count(PodmanV0Score score, string path)
    {
        if (score.Containers.IsEmpty)
        {
            yield return FieldError.Required($"{path}.containers", "at least one container");
        }
        else if (score.Containers.Length > WireLimits.MaxContainersPerScore)
        {
            yield return new FieldError(
                $"{path}.containers", $"Too many: {score.Containers.Length}: must have at most {WireLimits.MaxContainersPerScore} items");
        }
    }

    private static IEnumerable<FieldError> Names(PodmanV0Score score, string path) => score.Containers.Index()
        .Where(container => container.Item is { Name.Length: > 0 })
        .GroupBy(container => container.Item.Name, StringComparer.Ordinal)
        .SelectMany(group => group.Skip(1))
        .Select(container => FieldError.Duplicate($"{path}.containers[{container.Index}].name", container.Item.Name));

    private static IEnumerable<FieldError> Policy(PodmanV0Score score, string path)
    {
        if (score.RestartPolicy is RestartPolicy.Unknown)
        {
            yield return new FieldError($"{path}.restartPolicy", "Unsupported value: supported values: \"Always\", \"OnFailure\", \"Never\"");
        }

        if (score.TerminationGracePeriodSeconds is { } grace and (< 0 or > MaxGraceSeconds))
        {
            yield return FieldError.Invalid($"{path}.terminationGracePeriodSeconds", grace, $"must be between 0 and {MaxGraceSeconds}, inclusive");
        }
    }
}
