using System.Runtime.InteropServices;

namespace Harmony.Fleet.Adapters.Nats.Credentials;

/// <summary>An EVP_PKEY. OpenSSL wipes the key when it is freed.</summary>
internal sealed class SafeKeyHandle : SafeHandle
{
    /// <summary>Called by the marshaller.</summary>
    public SafeKeyHandle()
        : base(0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeKey(handle);
        return true;
    }
}
