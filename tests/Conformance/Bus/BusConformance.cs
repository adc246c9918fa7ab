using System.Text;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Conformance.Bus;

/// <summary>What every <see cref="IBus"/>, <see cref="IBucket"/> and <see cref="IBusAdmin"/> must do. Derive, give it a broker, and the suite runs on it.</summary>
public abstract partial class BusConformance : IAsyncLifetime
{
    protected const string BucketName = "things";

    private readonly List<IBus> opened = [];

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A bus that is up, and the same at each call.</summary>
    protected IBus Bus => opened[0];

    protected IBucket Bucket => Bus.Bucket(BucketName);

    /// <summary>What changes the broker's buckets.</summary>
    protected abstract IBusAdmin Admin { get; }

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        await ConnectAsync();
        (await Admin.EnsureBucketAsync(Settings, Stop)).ShouldBeOfType<EnsureBucketOutcome.Created>();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var bus in opened)
        {
            await bus.DisposeAsync();
        }

        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected static BucketSettings Settings => new() { Name = BucketName, MaxValueBytes = 1024, Description = "for a test" };

    /// <summary>Starts a broker without buckets.</summary>
    protected abstract Task StartAsync();

    /// <summary>Ends it.</summary>
    protected abstract Task CloseAsync();

    /// <summary>A new connection to the broker.</summary>
    protected abstract Task<IBus> OpenAsync();

    /// <summary>Takes the first bus away from the broker until <see cref="ReconnectAsync"/>.</summary>
    protected abstract Task DisconnectAsync();

    /// <summary>Brings it back.</summary>
    protected abstract Task ReconnectAsync();

    /// <summary>Deletes a bucket behind the back of everybody.</summary>
    protected abstract Task LoseBucketAsync(string name);

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    protected static ulong Revision(PutOutcome outcome) => outcome.ShouldBeOfType<PutOutcome.Stored>().Revision;

    protected static BucketEntry Entry(GetOutcome outcome) => outcome.ShouldBeOfType<GetOutcome.Found>().Entry;

    protected async Task<IBus> ConnectAsync()
    {
        var bus = await OpenAsync();
        opened.Add(bus);
        return bus;
    }

    protected Task<PutOutcome> PutAsync(string key, string value) => Bucket.PutAsync(key, Bytes(value), BusHeaders.None, Stop);

    protected Task LinkAsync(bool up) => Eventually.HoldsAsync(() => Bus.Link.IsUp == up, $"the link is {(up ? "up" : "down")}");
}
