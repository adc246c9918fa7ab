using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>Compares labels.</summary>
internal static class LabelDrift
{
    private const string OfPodman = "io.podman.";
    private const string OfSystemd = "PODMAN_SYSTEMD_UNIT";

    public static IEnumerable<string> Between(ContainerSpec spec, ObservedContainer observed)
    {
        var wanted = observed.ImageDefaults.Labels.SetItems(spec.Labels);
        foreach (var (name, value) in wanted.Where(label => !IsComparedElsewhere(label.Key)))
        {
            if (!observed.Labels.TryGetValue(name, out var found))
            {
                yield return $"label {name} is missing";
            }
            else if (found != value)
            {
                yield return $"label {name} has another value";
            }
        }

        foreach (var name in observed.Labels.Keys.Where(name => !wanted.ContainsKey(name) && !IsComparedElsewhere(name) && !IsOfTheRuntime(name)))
        {
            yield return $"label {name} should not be there";
        }
    }

    /// <summary>
    /// The image is compared by itself. The score's digest is not compared at all: a container that is as the new score wants it
    /// goes on undisturbed when its neighbour in the score changes, and its label still says truthfully what it was made for.
    /// </summary>
    private static bool IsComparedElsewhere(string name) => name is ContainerLabels.Image or ContainerLabels.ImageId or ContainerLabels.ScoreDigest;

    private static bool IsOfTheRuntime(string name) => name.StartsWith(OfPodman, StringComparison.Ordinal) || name == OfSystemd;
}
