using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Output;

/// <summary>One column of a table of resources.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <param name="Header">Its heading.</param>
/// <param name="Of">A resource's cell, at a time.</param>
internal sealed record Column<T>(string Header, Func<T, DateTimeOffset, Cell> Of)
    where T : class, IResource;
