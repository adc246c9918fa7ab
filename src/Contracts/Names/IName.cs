using System.Diagnostics.CodeAnalysis;

namespace Harmony.Fleet.Contracts.Names;

/// <summary>A name that is parsed once, at the edge, and valid ever after.</summary>
/// <typeparam name="TSelf">The name's own type.</typeparam>
public interface IName<TSelf>
    where TSelf : struct, IName<TSelf>
{
    /// <summary>The name's text.</summary>
    string Value { get; }

    /// <summary>Parses <paramref name="text"/>.</summary>
    /// <returns>Whether it is valid; <paramref name="name"/> is <c>default</c> where it is not.</returns>
    static abstract bool TryParse([NotNullWhen(true)] string? text, out TSelf name);
}
