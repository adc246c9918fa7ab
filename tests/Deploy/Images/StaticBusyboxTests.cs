using Harmony.Fleet.Deploy.Images;

namespace Harmony.Fleet.Tests.Deploy.Images;

public sealed class StaticBusyboxTests
{
    [Fact]
    public void IsStatic_OfAProgramThatNeedsLibraries_IsFalse() => StaticBusybox.IsStatic(File.ReadAllBytes("/bin/sh")).ShouldBeFalse();

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(63)]
    public void IsStatic_OfWhatIsTooShort_IsFalse(int length) => StaticBusybox.IsStatic(File.ReadAllBytes("/bin/sh").AsSpan(0, length)).ShouldBeFalse();

    [Fact]
    public void IsStatic_OfHeadersOfAnyBytes_DoesNotThrow()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = File.ReadAllBytes("/bin/sh")[..4096];
            for (var changes = 0; changes < 8; changes++)
            {
                bytes[random.Next(4, 64)] = (byte)random.Next(256);
            }

            _ = StaticBusybox.IsStatic(bytes);
        }
    }

    [Fact]
    public void IsStatic_OfAScript_IsFalse() => StaticBusybox.IsStatic("#!/bin/sh\necho this is long enough to hold the whole header of a program\n"u8).ShouldBeFalse();
}
