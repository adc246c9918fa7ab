using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Resources;
using Harmony.Fleet.Core.Selectors;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Core.Validation;

/// <summary>What a Deployment must be for the fleet to carry it out. The API refuses others; the controller, which may meet others all the same, marks them Invalid.</summary>
public static class DeploymentValidator
{
    /// <summary>All that is wrong with <paramref name="deployment"/>; empty where nothing is.</summary>
    public static ImmutableArray<FieldError> Validate(Deployment deployment)
    {
        ImmutableArray<FieldError> errors =
        [
            .. MetadataRules.Check(ResourceTypes.Deployments, deployment),
            .. Selector.TryCompile(deployment.Spec.TargetSelector, "spec.targetSelector") is SelectorOutcome.Invalid invalid ? invalid.Errors : [],
            .. ScoreRules.Check(deployment.Spec.Score, "spec.score"),
        ];
        return errors.IsEmpty ? [.. SizeOf(deployment)] : errors;
    }

    private static IEnumerable<FieldError> SizeOf(Deployment deployment)
    {
        var size = CanonicalScore.ToBytes(deployment.Spec.Score).Length;
        if (size > WireLimits.MaxScoreBytes)
        {
            yield return new FieldError("spec.score", $"Too long: {size} bytes of JSON, may not be more than {WireLimits.MaxScoreBytes}");
        }
    }
}
