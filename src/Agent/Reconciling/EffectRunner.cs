using System.Collections.Immutable;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>Carries a deployment's plan out, effect by effect, up to the first that fails.</summary>
internal sealed class EffectRunner(IContainerRuntime runtime)
{
    /// <summary>Carries out <paramref name="plan"/>; tells <paramref name="begins"/> before each effect.</summary>
    public async Task<WorkResult> RunAsync(WorkSubject subject, DeploymentPlan plan, Action<Effect> begins, CancellationToken cancellationToken)
    {
        var imageIds = new Dictionary<string, string>(StringComparer.Ordinal);
        var made = ImmutableHashSet<string>.Empty;
        foreach (var effect in plan.Effects)
        {
            begins(effect);
            var failure = effect switch
            {
                Effect.EnsureImage it => Noted(await runtime.EnsureImageAsync(it.Reference, cancellationToken), id => imageIds[it.Reference] = id),
                Effect.Stop it => Gone((await runtime.StopAsync(it.Id, TimeSpan.FromSeconds(it.GraceSeconds), cancellationToken)).Failure),
                Effect.Remove it => Gone((await runtime.RemoveAsync(it.Id, cancellationToken)).Failure),
                Effect.Create it => Noted(await runtime.CreateAsync(Labelled(it.Spec, imageIds), cancellationToken), id => made = made.Add(id)),
                Effect.Start it => (await runtime.StartAsync(it.Name, cancellationToken)).Failure,
                _ => throw new InvalidOperationException($"The effect '{effect}' is not known."),
            };
            if (failure is not null)
            {
                return new WorkResult(subject, effect, failure, made);
            }
        }

        return new WorkResult(subject, null, null, made);
    }

    private static RuntimeFailure? Noted(RuntimeResult<string> result, Action<string> note)
    {
        if (result.IsOk)
        {
            note(result.Value);
        }

        return result.Failure;
    }

    /// <summary>What is not there any more need not be taken away.</summary>
    private static RuntimeFailure? Gone(RuntimeFailure? failure) => failure is { Kind: RuntimeFailureKind.NotFound } ? null : failure;

    /// <summary>The container remembers from which image it was made: then a tag that moves on is no difference, and a swapped image is one.</summary>
    private static ContainerSpec Labelled(ContainerSpec spec, Dictionary<string, string> imageIds) =>
        spec with { Labels = spec.Labels.SetItem(ContainerLabels.ImageId, imageIds[spec.Image]) };
}
