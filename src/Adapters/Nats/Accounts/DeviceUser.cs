using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Adapters.Nats.Accounts;

/// <summary>A device that may log in with an nkey.</summary>
/// <param name="Device">Who it is.</param>
/// <param name="PublicKey">Its user nkey (<c>U...</c>); the private half never leaves the device.</param>
public sealed record DeviceUser(DeviceId Device, string PublicKey);
