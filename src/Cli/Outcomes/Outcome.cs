using System.Diagnostics.CodeAnalysis;

namespace Harmony.Fleet.Cli.Outcomes;

/// <summary>A value, or why there is none.</summary>
/// <typeparam name="T">The value's type.</typeparam>
internal readonly record struct Outcome<T>
{
    private Outcome(T? value, CliError? error)
    {
        Value = value;
        Error = error;
    }

    /// <summary>The value where <see cref="IsOk"/>.</summary>
    public T? Value { get; }

    /// <summary>Why there is none.</summary>
    public CliError? Error { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsOk => Error is null;

    /// <summary>There is a value.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>There is none.</summary>
    public static implicit operator Outcome<T>(CliError error) => new(default, error);
}
