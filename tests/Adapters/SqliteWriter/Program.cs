using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Microsoft.Extensions.Logging.Abstractions;

// Writes to the store at args[0] until it is killed, and says each write that was acknowledged: "created NAME", "updated NAME VERSION",
// "deleted NAME", "term N". args[1] begins the names. Refused: says why, and ends with 3.
var outcome = SqliteStore.Open(new SqliteStoreOptions { Path = args[0], MaxEvents = 500 }, TimeProvider.System, Guid.NewGuid, NullLogger<SqliteStore>.Instance);
if (outcome is OpenOutcome.Refused refused)
{
    Console.WriteLine(refused.Reason);
    return 3;
}

var store = ((OpenOutcome.Opened)outcome).Store;
using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
var gate = new Lock();
Say($"term {await store.BeginTermAsync(CancellationToken.None)}");
await Task.WhenAll(Enumerable.Range(0, 16).Select(WriteAsync));
return 0;

async Task WriteAsync(int writer)
{
    for (var i = 0; ; i++)
    {
        var name = $"{args[1]}-{writer}-{i}";
        var device = new Device { Metadata = new ObjectMeta { Name = name } };
        var created = Done(await store.CreateAsync(ResourceTypes.Devices, device, CancellationToken.None));
        Say($"created {name}");
        var status = new DeviceStatus { AgentVersion = $"{i}" };
        var updated = Done(await store.PatchStatusAsync(ResourceTypes.Devices, ResourceRevision.Of(created.Metadata), status, CancellationToken.None));
        Say($"updated {name} {updated.Metadata.ResourceVersion}");
        if (i % 5 == 0)
        {
            Done(await store.DeleteAsync(ResourceTypes.Devices, new ResourceKey(null, name), DeletePreconditions.None, CancellationToken.None));
            Say($"deleted {name}");
        }
    }
}

void Say(string line)
{
    lock (gate)
    {
        output.WriteLine(line);
    }
}

static Device Done(StoreOutcome<Device> outcome) => ((StoreOutcome<Device>.Ok)outcome).Resource;
