using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Ports.State;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>A control loop over SQLite and a broker in memory.</summary>
internal sealed class SqliteFixture : ControlledFleet
{
    private readonly TempFolder folder = new();
    private readonly SqliteStore store;

    private SqliteFixture()
    {
        Observer = Broker.Connect();
        var options = new SqliteStoreOptions { Path = Path };
        store = SqliteStore.Open(options, TimeProvider.System, Guid.NewGuid, NullLogger<SqliteStore>.Instance).ShouldBeOfType<OpenOutcome.Opened>().Store;
    }

    public FakeBroker Broker { get; } = new();

    public override IResourceStore Store => store;

    public override IBus Observer { get; }

    private string Path => folder.File("fleet.db");

    public static async Task<SqliteFixture> StartAsync(ControlOptions? options = null)
    {
        var fixture = new SqliteFixture();
        await fixture.BeginAsync(options);
        return fixture;
    }

    /// <summary>As damage to the disk does, or another version that wrote it.</summary>
    public void Spoil(string name)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE parts SET body = x'7b' WHERE id = (SELECT metadata FROM resources WHERE name = $n)";
        command.Parameters.AddWithValue("$n", name);
        command.ExecuteNonQuery().ShouldBe(1);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await store.DisposeAsync();
        folder.Dispose();
    }

    protected override void AddOutside(IServiceCollection services) =>
        services.AddSingleton<ILeadership>(store).AddSingleton<IBus>(Broker.Connect()).AddSingleton<IBusAdmin>(Broker);
}
