using System.Diagnostics.CodeAnalysis;

namespace Harmony.Fleet.Core.Outcomes;

/// <summary>A value, or why there is none: what anything that is expected to fail at times returns.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly record struct Outcome<T>
{
    internal Outcome(T? value, Fault? fault)
    {
        Value = value;
        Fault = fault;
    }

    /// <summary>The value where <see cref="IsOk"/>.</summary>
    public T? Value { get; }

    /// <summary>Why there is none.</summary>
    public Fault? Fault { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsOk => Fault is null;

    /// <summary>There is a value.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Outcomes are returned as they are; the named alternative is Outcome.Of.")]
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>There is none.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Outcomes are returned as they are; a named alternative would only be longer.")]
    public static implicit operator Outcome<T>(Fault fault) => new(default, fault);
}

/// <summary>Makes outcomes where the compiler does not do it by itself: of values seen as an interface, and of null.</summary>
public static class Outcome
{
    /// <summary>There is a value.</summary>
    public static Outcome<T> Of<T>(T value) => new(value, null);
}
