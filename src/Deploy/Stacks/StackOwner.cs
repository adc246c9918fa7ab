using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>Whose a data folder is.</summary>
public abstract record StackOwner
{
    private StackOwner()
    {
    }

    /// <summary>No fleet was set up in it; it may not even be there.</summary>
    public sealed record Nobody : StackOwner;

    /// <summary>A fleet of this user.</summary>
    /// <param name="Id">The fleet's id: 32 hexadecimal digits, made when it was set up.</param>
    public sealed record Fleet(string Id) : StackOwner;

    /// <summary>It is not to be told for a fleet of this user: nothing in it may be changed.</summary>
    /// <param name="Why">Why, and what to do.</param>
    public sealed record Unclear(Fault Why) : StackOwner;
}
