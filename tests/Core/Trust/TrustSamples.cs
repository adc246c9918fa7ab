using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Core.Trust;

/// <summary>Golden values: made by an independent implementation (Python's hmac, hashlib and cryptography), never by this code.</summary>
internal static class TrustSamples
{
    public const string MasterText = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    public const string Down = "h1ry1S7xPE1psZhXwyvdrv9kS+qOtceMOMPyxTN3OSw=";
    public const string Up = "bdHS4ci2XEDfU0JgK+L69lytMAxwgyp8sr94v4Y6p0Y=";
    public const string Mac = "7:d1usTVtH511t6fngGFp+qkHsWTfcIrCynqiRgajoxXQ=";
    public const string ScoreKey = "3d5TrNiob3w5PE8knyV6vI9QD4lYdzpWKTwDUE6iGO0=";
    public const string ScoreDigest = "77ac2dd7a713f662ef50ce3c7f416e4c9c3572d646c98dfae2d006bce04dc410";
    public const string ScoreAddress = "9d1001eb2993b78ad97c8d54ee23e9ce2ef2d185b949a5b08277c12e64c3d196";
    public const string Ciphertext =
        "e2WAGfey0XCTTJpdUG295qQ667t9y8YtgTbedj7qVoRE7VhW5E+oLsX34XvIIbvm9aAg/NQwYpojGLasXIfyYEaXqExUl5QqxDDfU5aiOGcGP7xpnMk4XSzovh0=";

    public static MasterKey Master => MasterKey.Parse(MasterText);

    public static DeviceId Device => DeviceId.Parse("pi-1");

    public static byte[] Plain =>
        Encoding.UTF8.GetBytes("""{"PodmanV0":{"containers":[{"name":"web","image":"localhost/hello-web:1"}]}}""");

    public static ManifestEntry Entry(SealedScore score) => new()
    {
        Namespace = NamespaceName.Parse("default"),
        Name = DeploymentName.Parse("web"),
        Uid = "u",
        ScoreDigest = score.ScoreDigest,
        Address = score.Address,
        Key = score.Key,
    };
}
