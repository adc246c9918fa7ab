namespace Harmony.Fleet.Cli.Consoles;

/// <summary>The colours in use, by their number in a terminal's SGR sequence.</summary>
internal enum Color
{
    /// <summary>As it is.</summary>
    None = 0,

    /// <summary>Headings.</summary>
    Bold = 1,

    /// <summary>What is beside the point.</summary>
    Dim = 2,

    /// <summary>Failed.</summary>
    Red = 31,

    /// <summary>Well.</summary>
    Green = 32,

    /// <summary>On its way, or unknown.</summary>
    Yellow = 33,

    /// <summary>Names.</summary>
    Cyan = 36,
}
