using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>Puts the device's own documents, each with its MAC.</summary>
internal sealed class SignedBucket(AgentIdentity identity, IBus bus)
{
    /// <summary>Stores a document under the device's key.</summary>
    /// <param name="bucket">Which bucket.</param>
    /// <param name="kind">One of <see cref="MessageKinds"/>.</param>
    /// <param name="document">The bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<PutOutcome> PutAsync(string bucket, string kind, byte[] document, CancellationToken cancellationToken)
    {
        var mac = MessageMac.Sign(identity.Keys.Up, identity.Keys.Epoch, kind, identity.Device, document);
        return bus.Bucket(bucket).PutAsync(identity.Device.Value, document, new BusHeaders(mac), cancellationToken);
    }
}
