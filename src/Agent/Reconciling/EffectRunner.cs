using System.Collections.Immutable;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>
/// Carries deployments' plans out, effect by effect, up to the first that fails: a few plans at a time. Pulls have places of their own,
/// for a slow link keeps one for hours: what needs no pull is started meanwhile.
/// </summary>
internal sealed class EffectRunner(AgentOptions options, IContainerRuntime runtime) : IDisposable
{
    private readonly SemaphoreSlim pulls = new(options.Concurrency, options.Concurrency);
    private readonly SemaphoreSlim changes = new(options.Concurrency, options.Concurrency);

    /// <summary>Carries out <paramref name="plan"/>, its images first; tells <paramref name="begins"/> before each effect.</summary>
    public async Task<WorkResult> RunAsync(WorkSubject subject, DeploymentPlan plan, Action<Effect> begins, CancellationToken cancellationToken)
    {
        var run = new Run(runtime, begins);
        var missing = await run.MissingAsync(plan.Effects.OfType<Effect.EnsureImage>(), cancellationToken);
        var others = plan.Effects.Where(effect => effect is not Effect.EnsureImage).ToArray();
        var (effect, failure) = await CarryOutAsync(pulls, run, missing, cancellationToken) ?? await CarryOutAsync(changes, run, others, cancellationToken) ?? default;
        return new WorkResult(subject, effect, failure, run.Made);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        pulls.Dispose();
        changes.Dispose();
    }

    /// <summary>Carries effects out once there is a place for them: all of them in one, so that nobody comes between a stop and its start.</summary>
    private static async Task<(Effect, Fault)?> CarryOutAsync(SemaphoreSlim places, Run run, Effect[] effects, CancellationToken cancellationToken)
    {
        if (effects is [])
        {
            return null;
        }

        await places.WaitAsync(cancellationToken);
        try
        {
            foreach (var effect in effects)
            {
                if (await run.CarryOutAsync(effect, cancellationToken) is { } failure)
                {
                    return (effect, failure);
                }
            }

            return null;
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>A plan that is being carried out.</summary>
    private sealed class Run(IContainerRuntime runtime, Action<Effect> begins)
    {
        private readonly Dictionary<string, string> imageIds = new(StringComparer.Ordinal);

        /// <summary>The ids of the containers that were made.</summary>
        public ImmutableHashSet<string> Made { get; private set; } = [];

        /// <summary>Those whose image is not on the device, or may not be: only they have to wait for a place to pull.</summary>
        public async Task<Effect[]> MissingAsync(IEnumerable<Effect.EnsureImage> images, CancellationToken cancellationToken)
        {
            var missing = new List<Effect>();
            foreach (var image in images)
            {
                if (Noted(await runtime.FindImageAsync(image.Reference, cancellationToken), id => imageIds[image.Reference] = id) is not null)
                {
                    missing.Add(image);
                }
            }

            return [.. missing];
        }

        /// <summary>Carries one effect out; says why it failed, if it did.</summary>
        public async Task<Fault?> CarryOutAsync(Effect effect, CancellationToken cancellationToken)
        {
            begins(effect);
            return effect switch
            {
                Effect.EnsureImage it => Noted(await runtime.EnsureImageAsync(it.Reference, cancellationToken), id => imageIds[it.Reference] = id),
                Effect.Stop it => Gone((await runtime.StopAsync(it.Id, TimeSpan.FromSeconds(it.GraceSeconds), cancellationToken)).Fault),
                Effect.Remove it => Gone((await runtime.RemoveAsync(it.Id, cancellationToken)).Fault),
                Effect.Create it => Noted(await runtime.CreateAsync(Labelled(it.Spec), cancellationToken), id => Made = Made.Add(id)),
                Effect.Start it => (await runtime.StartAsync(it.Name, cancellationToken)).Fault,
                _ => throw new InvalidOperationException($"The effect '{effect}' is not known."),
            };
        }

        private static Fault? Noted(Outcome<string> result, Action<string> note)
        {
            if (result.IsOk)
            {
                note(result.Value);
            }

            return result.Fault;
        }

        /// <summary>What is not there any more need not be taken away.</summary>
        private static Fault? Gone(Fault? failure) => failure is { Kind: FaultKind.NotFound } ? null : failure;

        /// <summary>The container remembers from which image it was made: then a tag that moves on is no difference, and a swapped image is one.</summary>
        private ContainerSpec Labelled(ContainerSpec spec) =>
            spec with { Labels = spec.Labels.SetItem(ContainerLabels.ImageId, imageIds[spec.Image]) };
    }
}
