namespace Harmony.Fleet.Ports.Bus;

/// <summary>The headers of a message that the fleet uses: one, the MAC.</summary>
/// <param name="Mac">The value of <c>Fleet-Mac</c>: <c>&lt;key epoch&gt;:&lt;base64&gt;</c>; null where there is none.</param>
public readonly record struct BusHeaders(string? Mac)
{
    /// <summary>The header's name.</summary>
    public const string MacName = "Fleet-Mac";

    /// <summary>No header.</summary>
    public static BusHeaders None => default;
}
