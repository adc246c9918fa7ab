using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;
using Microsoft.AspNetCore.Http;

namespace Harmony.Fleet.Tests.Cli.Commands;

/// <summary>The operator writes its status between the look at what is held and the approval of it.</summary>
public sealed class ApprovalConflictTests : IAsyncLifetime
{
    private const string Path = "/api/v1/namespaces/default/deployments/hello";
    private readonly CliUnderTest cli = new();
    private ScriptedServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ScriptedServer.StartAsync();
        cli.Facing(server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        cli.Dispose();
    }

    /// <summary>What the user did not see is not approved: nothing that is held any more, another hold, more devices, another generation.</summary>
    [Theory]
    [InlineData(0, 7, 1, 5, 1)]
    [InlineData(12, 8, 1, 5, 1)]
    [InlineData(13, 7, 1, 5, 1)]
    [InlineData(12, 7, 2, 5, 1)]
    [InlineData(12, 7, 1, 0, 2)]
    [InlineData(11, 7, 1, 0, 2)]
    public async Task Changed_IsApprovedOnlyWhereItIsTheSameHold_OfNoMoreDevices(int count, long hold, long generation, int code, int writes)
    {
        server.On($"GET {Path}", Json(Held(12, 7, 1)));
        server.On($"PUT {Path}", async (_, response) =>
        {
            server.On($"GET {Path}", Json(Held(count, hold, generation))).On($"PUT {Path}", Json(Held(count, hold, generation)));
            response.StatusCode = 409;
            response.ContentType = "application/json";
            await response.WriteAsync("""{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Conflict","message":"it has another version","code":409}""");
        });

        (await cli.RunAsync("approve", "deployment", "hello", "--yes")).Code.ShouldBe(code);

        var approvals = server.Requests.Where(request => request.Method == "PUT").ToArray();
        approvals.Length.ShouldBe(writes);
        approvals.ShouldAllBe(request => request.Body.Contains("\"1/12/7\"", StringComparison.Ordinal));
    }

    private static string Json(Deployment deployment) => JsonSerializer.Serialize(deployment, ResourceTypes.Deployments.Json);

    private static Deployment Held(int count, long hold, long generation) => new()
    {
        Metadata = new() { Name = "hello", Namespace = "default", Uid = "u", ResourceVersion = "1", Generation = generation },
        Spec = new(),
        Status = new()
        {
            ObservedGeneration = generation,
            RemovalHeldCount = count,
            RemovalHold = hold,
            Conditions = count == 0 ? [] : [new() { Type = ConditionTypes.RemovalHeld, Status = ConditionStatus.True, Reason = "ManyDevices", Message = "It would be removed from some.", ObservedGeneration = generation }],
        },
    };
}
