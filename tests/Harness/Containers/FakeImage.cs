using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Tests.Harness.Containers;

/// <summary>An image of a fake registry.</summary>
public sealed record FakeImage(string Id, ImageDefaults Defaults)
{
    /// <summary>An image whose id is made from its content, as real ones are.</summary>
    public static FakeImage Of(string content, ImageDefaults? defaults = null) =>
        new(Digest.Of(System.Text.Encoding.UTF8.GetBytes(content)).Value, defaults ?? new ImageDefaults());
}
