using Harmony.Fleet.Agent.Reporting;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Agent.Reporting;

public sealed class InventoryReaderTests : IDisposable
{
    private readonly TempFolder folder = new();

    [Fact]
    public void Read_RaspberryPi_SaysWhatItIs()
    {
        Put("proc/sys/kernel/hostname", "pump-7\n");
        Put("proc/sys/kernel/osrelease", "6.6.31-v8+\n");
        Put("proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0");
        Put("proc/meminfo", "MemTotal:        8245676 kB\nMemFree:         1 kB\n");
        Put("proc/loadavg", "0.42 0.30 0.20 1/200 4242\n");
        Put("etc/os-release", "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        var reader = new InventoryReader(folder.Path);
        var inventory = reader.Read("/");
        (inventory.Hostname, inventory.Kernel, inventory.Model).ShouldBe(("pump-7", "6.6.31-v8+", "Raspberry Pi 5 Model B Rev 1.0"));
        (inventory.OperatingSystem, inventory.MemoryBytes).ShouldBe(("Debian GNU/Linux 12 (bookworm)", 8245676L * 1024));
        inventory.DiskBytes.ShouldBeGreaterThan(0);
        inventory.Cpus.ShouldBeGreaterThan(0);
        inventory.Architecture.ShouldNotBeEmpty();
        reader.Load().ShouldBe(0.42);
    }

    [Fact]
    public void Read_OrdinaryMachine_NamesItsProduct()
    {
        Put("sys/class/dmi/id/product_name", "Some Box\n");
        new InventoryReader(folder.Path).Read("/").Model.ShouldBe("Some Box");
    }

    [Fact]
    public void Read_AFileThatIsLong_IsReadToItsEnd()
    {
        Put("etc/os-release", string.Concat(Enumerable.Repeat("# a comment of the distribution\n", 1000)) + "PRETTY_NAME=\"Long OS\"\n");
        new InventoryReader(folder.Path).Read("/").OperatingSystem.ShouldBe("Long OS");
    }

    /// <summary>Every heartbeat asks for it, and 85 KB at once go to a heap that is hardly ever collected.</summary>
    [Fact]
    public void Load_TakesLittleMemory()
    {
        Put("proc/loadavg", "0.42 0.30 0.20 1/200 4242\n");
        var reader = new InventoryReader(folder.Path);
        reader.Load();
        var before = GC.GetAllocatedBytesForCurrentThread();
        reader.Load().ShouldBe(0.42);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64 * 1024);
    }

    [Fact]
    public void Read_NothingToRead_IsEmpty()
    {
        var reader = new InventoryReader(folder.File("none"));
        var inventory = reader.Read("relative and \0 wrong");
        (inventory.Hostname, inventory.Model, inventory.OperatingSystem, inventory.MemoryBytes, inventory.DiskBytes).ShouldBe((string.Empty, string.Empty, string.Empty, 0L, 0L));
        reader.Load().ShouldBe(0);
    }

    public void Dispose() => folder.Dispose();

    private void Put(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(file))!);
        File.WriteAllText(folder.File(file), text);
    }
}
