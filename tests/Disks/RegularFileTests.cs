using System.Text;
using Harmony.Fleet.Disks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Disks;

public sealed class RegularFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(5, 5, 5)]
    [InlineData(100_000, 5, 6)]
    [InlineData(100_000, 100_000, 100_000)]
    [InlineData(100_000, 200_000, 100_000)]
    public void Read_File_GivesItUpToOneByteMoreThanTheLimit(int size, int limit, int expected)
    {
        var bytes = Enumerable.Range(0, size).Select(at => (byte)(at * 7)).ToArray();
        File.WriteAllBytes(folder.File("x"), bytes);
        RegularFile.Read(folder.File("x"), limit).ShouldBe(bytes[..expected]);
    }

    /// <summary>Their length is 0, and they hold something.</summary>
    [Fact]
    public void Read_FileOfTheKernel_GivesAllOfIt()
    {
        Encoding.UTF8.GetString(RegularFile.Read("/proc/self/status", 1024 * 1024)).ShouldContain("\nPid:\t");
        RegularFile.Read("/proc/kallsyms", 1024 * 1024).Length.ShouldBe(1024 * 1024 + 1);
    }

    [Fact]
    public void Read_ThroughALink_GivesTheFile()
    {
        File.WriteAllText(folder.File("x"), "words");
        File.CreateSymbolicLink(folder.File("link"), "x");
        RegularFile.Read(folder.File("link"), 10).ShouldBe("words"u8.ToArray());
    }

    [Theory]
    [InlineData("/dev/zero", "it is a device, not a file.")]
    [InlineData("/proc", "it is a folder, not a file.")]
    public void Read_OfSomethingElse_IsRefused(string path, string why) => Should.Throw<NoFileException>(() => RegularFile.Read(path, 10)).Message.ShouldBe(why);

    [Fact]
    public async Task Read_OfAPipe_IsRefused_AlsoThroughALink()
    {
        File.CreateSymbolicLink(folder.File("link"), await folder.PipeAsync("pipe"));
        Should.Throw<NoFileException>(() => RegularFile.Read(folder.File("link"), 10)).Message.ShouldBe("it is a pipe, not a file.");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("none/at/all")]
    [InlineData("x/y")]
    public void Read_OfNothing_IsTheFailureThatDotNetKnows(string name)
    {
        File.WriteAllText(folder.File("x"), string.Empty);
        var failure = Should.Throw<IOException>(() => RegularFile.Read(folder.File(name), 10));
        (failure is FileNotFoundException or DirectoryNotFoundException).ShouldBeTrue(failure.ToString());
    }
}
