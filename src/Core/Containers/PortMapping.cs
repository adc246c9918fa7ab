namespace Harmony.Fleet.Core.Containers;

/// <summary>One published port.</summary>
/// <param name="ContainerPort">In the container.</param>
/// <param name="HostPort">On the host.</param>
/// <param name="HostIp">The host's address; empty for all.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
public sealed record PortMapping(int ContainerPort, int HostPort, string HostIp, string Protocol);
