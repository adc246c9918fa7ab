using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Trust;

/// <summary>The control plane's secret, from which every other key of the fleet is derived. Never leaves the operator.</summary>
public sealed class MasterKey
{
    /// <summary>Its length in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] secret;

    private MasterKey(byte[] secret)
    {
        this.secret = secret;
        ScoreKey = Derive("fleet/v1/score");
    }

    /// <summary>The key from which the scores' own keys are made.</summary>
    internal byte[] ScoreKey { get; }

    /// <summary>Reads the text of a key file: base64 of 32 bytes, on one line.</summary>
    /// <exception cref="FormatException">It is something else. The text is not repeated in the message.</exception>
    public static MasterKey Parse(string base64)
    {
        var buffer = new byte[Length + 1];
        return Convert.TryFromBase64String(base64.Trim(), buffer, out var written) && written == Length
            ? new MasterKey(buffer[..Length])
            : throw new FormatException($"This is no master key: base64 of {Length} bytes on one line is expected.");
    }

    /// <summary>The keys of one device in one epoch. Other devices and other epochs have unrelated ones.</summary>
    /// <param name="device">Whose keys.</param>
    /// <param name="epoch">Counts the changes of keys, from 1.</param>
    public DeviceKeys DeviceKeys(DeviceId device, int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        var suffix = string.Create(CultureInfo.InvariantCulture, $"{epoch}/{device}");
        return new DeviceKeys(epoch, Derive("fleet/v1/down/" + suffix), Derive("fleet/v1/up/" + suffix));
    }

    /// <summary>Never the secret.</summary>
    public override string ToString() => "***";

    private byte[] Derive(string label) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, Length, salt: [], info: Encoding.ASCII.GetBytes(label));
}
