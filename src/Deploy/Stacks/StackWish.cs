namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>What should stand in a data folder. Written by whoever wants more; the running stack follows.</summary>
public sealed record StackWish
{
    /// <summary>The most devices of one machine: each has a podman of its own.</summary>
    public const int MaxDevices = 32;

    /// <summary>How many virtual devices; they are named <c>device-1</c> and so on.</summary>
    public int Devices { get; init; }

    /// <summary>Counts the requests to grow: the same wish with another number is to be tried again. 0 where there was none.</summary>
    public long Request { get; init; }
}
