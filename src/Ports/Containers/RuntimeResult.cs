using System.Diagnostics.CodeAnalysis;

namespace Harmony.Fleet.Ports.Containers;

/// <summary>A value, or why there is none.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly record struct RuntimeResult<T>
{
    private RuntimeResult(T? value, RuntimeFailure? failure)
    {
        Value = value;
        Failure = failure;
    }

    /// <summary>The value where <see cref="IsOk"/>.</summary>
    public T? Value { get; }

    /// <summary>Why there is none.</summary>
    public RuntimeFailure? Failure { get; }

    /// <summary>Whether it worked.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsOk => Failure is null;

    /// <summary>It worked.</summary>
    public static implicit operator RuntimeResult<T>(T value) => new(value, null);

    /// <summary>It did not.</summary>
    public static implicit operator RuntimeResult<T>(RuntimeFailure failure) => new(default, failure);
}

/// <summary>Why a runtime could not do it.</summary>
/// <param name="Kind">Whether to try again.</param>
/// <param name="Message">One sentence for people, with what to do where that is known.</param>
public sealed record RuntimeFailure(RuntimeFailureKind Kind, string Message);

/// <summary>Whether trying again can help.</summary>
public enum RuntimeFailureKind
{
    /// <summary>The runtime cannot be reached, timed out or broke: try again.</summary>
    Unavailable,

    /// <summary>A passing fault outside (a registry away, a port in use): try again, slowly.</summary>
    Transient,

    /// <summary>It will not work as it is asked (no such image, a bind source that is missing, a bad reference).</summary>
    Permanent,

    /// <summary>Something of that name is there already.</summary>
    Conflict,

    /// <summary>There is no such thing.</summary>
    NotFound,
}

/// <summary>A stream of a container runtime could not be opened, or broke.</summary>
public sealed class ContainerRuntimeException : IOException
{
    /// <summary>Made with one sentence for people.</summary>
    public ContainerRuntimeException(RuntimeFailure failure, Exception? inner = null)
        : base(failure.Message, inner) => Failure = failure;

    /// <summary>Whether to try again, and why it broke.</summary>
    public RuntimeFailure Failure { get; }
}
