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
