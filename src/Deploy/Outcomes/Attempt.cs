using System.Diagnostics.CodeAnalysis;

namespace Harmony.Fleet.Deploy.Outcomes;

/// <summary>A value, or why there is none.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly record struct Attempt<T>
{
    internal Attempt(T? value, Fault? fault)
    {
        Value = value;
        Fault = fault;
    }

    /// <summary>The value where <see cref="IsDone"/>.</summary>
    public T? Value { get; }

    /// <summary>Why there is none.</summary>
    public Fault? Fault { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsDone => Fault is null;

    /// <summary>There is a value.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Outcomes are returned as they are; a named alternative would only be longer.")]
    public static implicit operator Attempt<T>(T value) => new(value, null);

    /// <summary>There is none.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Outcomes are returned as they are; a named alternative would only be longer.")]
    public static implicit operator Attempt<T>(Fault fault) => new(default, fault);
}

/// <summary>Makes attempts where the compiler does not do it by itself: values seen as an interface, or null.</summary>
internal static class Attempt
{
    /// <summary>It succeeded.</summary>
    public static Attempt<T> Done<T>(T value) => new(value, null);
}
