using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Control.Devices;

/// <summary>What a command to a device needs to know of it.</summary>
/// <param name="Device">Which device.</param>
/// <param name="Instance">Which run of its agent.</param>
/// <param name="CommandNonce">What each command must name: issued by the device for its present connection.</param>
/// <param name="Capabilities">What its agent can do, for example <c>command/logs</c>.</param>
internal sealed record DeviceContact(DeviceId Device, string Instance, string CommandNonce, ImmutableArray<string> Capabilities);
