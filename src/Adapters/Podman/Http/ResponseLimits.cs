namespace Harmony.Fleet.Adapters.Podman.Http;

/// <summary>How much of an answer is read at the most. Podman is local, but what it repeats comes from images and registries.</summary>
internal static class ResponseLimits
{
    /// <summary>One document, in bytes.</summary>
    public const int DocumentBytes = 8 * 1024 * 1024;

    /// <summary>An error, in bytes.</summary>
    public const int ErrorBytes = 64 * 1024;

    /// <summary>One line of a stream, in bytes.</summary>
    public const int LineBytes = 256 * 1024;

    /// <summary>All lines of a pull, in bytes.</summary>
    public const int PullBytes = 16 * 1024 * 1024;

    /// <summary>The longest text of a failure, in characters.</summary>
    public const int MessageChars = 1000;
}
