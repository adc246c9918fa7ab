namespace Harmony.Fleet.Ports.Containers;

/// <summary>Whether trying again can help.</summary>
public enum RuntimeFailureKind
{
    /// <summary>The runtime cannot be reached, timed out or broke: try again.</summary>
    Unavailable,

    /// <summary>A passing fault outside (a registry away, a port in use): try again, slowly.</summary>
    Transient,

    /// <summary>It will not work as it is asked (no such image, a bind source that is missing, a bad reference).</summary>
    Permanent,

    /// <summary>Something of that name is there already.</summary>
    Conflict,

    /// <summary>There is no such thing.</summary>
    NotFound,
}
