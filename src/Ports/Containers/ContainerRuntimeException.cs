namespace Harmony.Fleet.Ports.Containers;

/// <summary>A stream of a container runtime could not be opened, or broke.</summary>
public sealed class ContainerRuntimeException : IOException
{
    /// <summary>Made with one sentence for people.</summary>
    public ContainerRuntimeException(RuntimeFailure failure, Exception? inner = null)
        : base(failure.Message, inner) => Failure = failure;

    /// <summary>Whether to try again, and why it broke.</summary>
    public RuntimeFailure Failure { get; }
}
