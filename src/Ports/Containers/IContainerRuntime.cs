using System.Collections.Immutable;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Ports.Containers;

/// <summary>What runs containers on a device. Every call may be repeated: what is already so is success.</summary>
public interface IContainerRuntime
{
    /// <summary>The runtime's version, or why it cannot be reached.</summary>
    Task<Outcome<RuntimeInfo>> InfoAsync(CancellationToken cancellationToken);

    /// <summary>Every container that carries the label <paramref name="label"/> with <paramref name="value"/>, ended ones too, each inspected.</summary>
    Task<Outcome<ImmutableArray<ObservedContainer>>> ObserveAsync(string label, string value, CancellationToken cancellationToken);

    /// <summary>The id of the image that <paramref name="reference"/> names on the device, 64 hexadecimal characters; NotFound where there is none. Nothing is pulled.</summary>
    Task<Outcome<string>> FindImageAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Makes sure that <paramref name="reference"/> is there, pulling it only when it is not.</summary>
    /// <returns>The image's id, 64 hexadecimal characters.</returns>
    Task<Outcome<string>> EnsureImageAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Creates a container, not started.</summary>
    /// <returns>Its id.</returns>
    Task<Outcome<string>> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken);

    /// <summary>Starts a container by id or name.</summary>
    Task<Outcome<Done>> StartAsync(string container, CancellationToken cancellationToken);

    /// <summary>Asks a container to end, and ends it by force after <paramref name="grace"/>.</summary>
    Task<Outcome<Done>> StopAsync(string container, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Removes a container (by force when it runs) and its anonymous volumes; named volumes stay.</summary>
    Task<Outcome<Done>> RemoveAsync(string container, CancellationToken cancellationToken);

    /// <summary>A container's log: the last <paramref name="tail"/> lines, and with <paramref name="follow"/> what comes after, until it ends.</summary>
    /// <exception cref="ContainerRuntimeException">The runtime cannot be reached, or knows no such container.</exception>
    IAsyncEnumerable<LogChunk> LogsAsync(string container, int tail, bool follow, CancellationToken cancellationToken);

    /// <summary>Names of containers with the label <paramref name="label"/> of <paramref name="value"/> to which something happened (died, removed, started, ...), as hints. Ends when the runtime goes away.</summary>
    /// <exception cref="ContainerRuntimeException">The runtime cannot be reached.</exception>
    IAsyncEnumerable<string> EventsAsync(string label, string value, CancellationToken cancellationToken);
}

/// <summary>What is known of a runtime.</summary>
/// <param name="Version">Its version, for example <c>4.3.1</c>.</param>
/// <param name="StorageRoot">The folder that holds images and containers.</param>
public sealed record RuntimeInfo(string Version, string StorageRoot);

/// <summary>A part of a container's log.</summary>
/// <param name="IsError">Whether it was written to stderr.</param>
/// <param name="Bytes">As the container wrote them.</param>
public readonly record struct LogChunk(bool IsError, ReadOnlyMemory<byte> Bytes);

/// <summary>A result without a value.</summary>
public readonly record struct Done;

/// <summary>A stream of a container runtime could not be opened, or broke.</summary>
public sealed class ContainerRuntimeException : IOException
{
    /// <summary>Made with why.</summary>
    public ContainerRuntimeException(Fault fault, Exception? inner = null)
        : base(fault.ToString(), inner) => Fault = fault;

    /// <summary>Whether to try again, and why it broke.</summary>
    public Fault Fault { get; }
}
