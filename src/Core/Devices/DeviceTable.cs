using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Devices;

/// <summary>Devices by their ids, once for all that must know something of each: with a hundred thousand, a table of its own for each of them is a third of the memory.</summary>
/// <typeparam name="T">What is known of one.</typeparam>
internal interface IDeviceTable<out T>
    where T : class
{
    /// <summary>That of <paramref name="id"/>; null where there is none.</summary>
    T? Find(DeviceId id);

    /// <summary>That of <paramref name="id"/>, made where there is none.</summary>
    T Make(DeviceId id);
}

/// <summary>A table of its own.</summary>
internal sealed class DeviceTable<T>(Func<DeviceId, T> make) : IDeviceTable<T>
    where T : class
{
    private readonly Dictionary<DeviceId, T> devices = [];

    /// <inheritdoc/>
    public T? Find(DeviceId id) => devices.GetValueOrDefault(id);

    /// <inheritdoc/>
    public T Make(DeviceId id) => devices.TryGetValue(id, out var known) ? known : devices[id] = make(id);
}
