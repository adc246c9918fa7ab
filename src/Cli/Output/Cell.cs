using Harmony.Fleet.Cli.Consoles;

namespace Harmony.Fleet.Cli.Output;

/// <summary>One field of a table.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Color">In which colour.</param>
internal readonly record struct Cell(string Text, Color Color = Color.None)
{
    /// <summary>Without a colour.</summary>
    public static implicit operator Cell(string text) => new(text);
}
