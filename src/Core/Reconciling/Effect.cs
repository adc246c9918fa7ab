using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>One thing to do to a runtime. Each may be repeated, and after each the device may lose power.</summary>
/// <param name="Deployment">For which deployment.</param>
public abstract record Effect(DeploymentKey Deployment)
{
    /// <summary>Have an image ready.</summary>
    /// <param name="Deployment">For which deployment.</param>
    /// <param name="Reference">The image, as the score names it.</param>
    public sealed record EnsureImage(DeploymentKey Deployment, string Reference) : Effect(Deployment)
    {
        /// <inheritdoc/>
        public override string ToString() => $"ensure-image {Reference}";
    }

    /// <summary>Ask a container to end.</summary>
    /// <param name="Deployment">For which deployment.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Id">The runtime's id of it.</param>
    /// <param name="GraceSeconds">How long it may take, in seconds.</param>
    public sealed record Stop(DeploymentKey Deployment, string Name, string Id, int GraceSeconds) : Effect(Deployment)
    {
        /// <inheritdoc/>
        public override string ToString() => $"stop {Name} within {GraceSeconds} s";
    }

    /// <summary>Remove a container.</summary>
    /// <param name="Deployment">For which deployment.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Id">The runtime's id of it.</param>
    public sealed record Remove(DeploymentKey Deployment, string Name, string Id) : Effect(Deployment)
    {
        /// <inheritdoc/>
        public override string ToString() => $"remove {Name}";
    }

    /// <summary>Make a container, not started.</summary>
    /// <param name="Deployment">For which deployment.</param>
    /// <param name="Spec">What it should be.</param>
    public sealed record Create(DeploymentKey Deployment, ContainerSpec Spec) : Effect(Deployment)
    {
        /// <inheritdoc/>
        public override string ToString() => $"create {Spec.Name} from {Spec.Image}";
    }

    /// <summary>Start a container.</summary>
    /// <param name="Deployment">For which deployment.</param>
    /// <param name="Name">Its name.</param>
    public sealed record Start(DeploymentKey Deployment, string Name) : Effect(Deployment)
    {
        /// <inheritdoc/>
        public override string ToString() => $"start {Name}";
    }
}
