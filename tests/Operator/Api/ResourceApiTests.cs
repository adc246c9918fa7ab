using System.Text.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Operator.Api;

/// <summary>The resources' paths, on each store.</summary>
public abstract class ResourceApiTests : IAsyncLifetime
{
    private OperatorUnderTest? started;

    private OperatorUnderTest Fleet => started!;

    public async ValueTask InitializeAsync() => started = await OperatorUnderTest.StartAsync(OpenStore());

    public async ValueTask DisposeAsync()
    {
        await Fleet.DisposeAsync();
        await CloseStoreAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract IResourceStore OpenStore();

    protected abstract ValueTask CloseStoreAsync();

    [Fact]
    public async Task Post_New_Is201AndReadsBack()
    {
        var created = await Fleet.SendAsync(HttpMethod.Post, Samples.Deployments, Samples.Deployment());

        created.Code.ShouldBe(201);
        created.Body.GetProperty("metadata").GetProperty("uid").GetString().ShouldNotBeNullOrEmpty();
        var read = await Fleet.SendAsync(HttpMethod.Get, Samples.Web);
        read.Code.ShouldBe(200);
        read.Body.ToString().ShouldBe(created.Body.ToString());
    }

    [Fact]
    public async Task Post_OfATakenName_Is409AlreadyExists()
    {
        await Fleet.SendAsync(HttpMethod.Post, Samples.Deployments, Samples.Deployment());

        (await Fleet.SendAsync(HttpMethod.Post, Samples.Deployments, Samples.Deployment())).ShouldBeStatus(409, "AlreadyExists", "web");
    }

    [Fact]
    public async Task Post_IntoAnotherNamespaceThanThePath_Is400() =>
        (await Fleet.SendAsync(HttpMethod.Post, "/api/v1/namespaces/other/deployments", Samples.Deployment())).ShouldBeStatus(400, "BadRequest", "namespace");

    [Fact]
    public async Task Put_New_Is201ThenPut_Is200()
    {
        (await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment())).Code.ShouldBe(201);

        var updated = await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment(image: "docker.io/library/web:2"));

        updated.Code.ShouldBe(200);
        updated.Body.GetProperty("metadata").GetProperty("generation").GetInt32().ShouldBe(2);
        Samples.Image(updated.Body).ShouldBe("docker.io/library/web:2");
    }

    [Fact]
    public async Task Put_WithoutAName_TakesThePaths() =>
        (await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment(name: null))).Body.GetProperty("metadata").GetProperty("name").GetString().ShouldBe("web");

    [Fact]
    public async Task Put_OfAnotherNameThanThePath_Is400() =>
        (await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment("other"))).ShouldBeStatus(400, "BadRequest", "metadata.name");

    [Fact]
    public async Task Put_OfTheSame_ChangesNothing()
    {
        var first = await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment());

        var second = await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment());

        second.Code.ShouldBe(200);
        Samples.Version(second.Body).ShouldBe(Samples.Version(first.Body));
    }

    [Fact]
    public async Task Put_OfAnOldVersion_Is409Conflict()
    {
        var first = await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment());
        await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment(image: "docker.io/library/web:2"));

        var late = await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment(image: "docker.io/library/web:3", version: Samples.Version(first.Body)));

        late.ShouldBeStatus(409, "Conflict");
        Samples.Image((await Fleet.SendAsync(HttpMethod.Get, Samples.Web)).Body).ShouldBe("docker.io/library/web:2");
    }

    [Fact]
    public async Task Put_OfAVersionThatIsGone_Is409AndDoesNotCreate()
    {
        (await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment(version: "7"))).ShouldBeStatus(409, "Conflict", "deleted");

        (await Fleet.SendAsync(HttpMethod.Get, Samples.Web)).ShouldBeStatus(404, "NotFound");
    }

    [Fact]
    public async Task Put_ByManyAtOnce_AllSucceed()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment(image: $"docker.io/library/web:1{i}"))));

        answers.ShouldAllBe(answer => answer.Code == 200 || answer.Code == 201);
        answers.Count(answer => answer.Code == 201).ShouldBe(1);
    }

    [Fact]
    public async Task Put_WithAStatus_StoresNone()
    {
        var forged = Samples.Deployment().Replace("\"spec\"", "\"status\":{\"aggregate\":{\"succeeded\":9}},\"spec\"", StringComparison.Ordinal);

        var created = await Fleet.SendAsync(HttpMethod.Put, Samples.Web, forged);

        created.Code.ShouldBe(201);
        created.Body.TryGetProperty("status", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Put_OfAnInvalidDeployment_Is422WithEveryField()
    {
        var answer = await Fleet.SendAsync(HttpMethod.Put, Samples.Web, """
            {"metadata":{"labels":{"a b":"c"}},"spec":{"targetSelector":{"matchExpressions":[{"key":"x","operator":"Near"}]},"score":{}}}
            """);

        answer.ShouldBeStatus(422, "Invalid", "Near");
        var message = answer.Body.GetProperty("message").GetString()!;
        message.ShouldContain("metadata.labels");
        message.ShouldContain("spec.targetSelector.matchExpressions[0].operator");
        message.ShouldContain("spec.score");
    }

    [Fact]
    public async Task Put_OfAMistypedField_Is400AndSaysWhere()
    {
        var mistyped = Samples.Deployment().Replace("\"image\"", "\"imagee\"", StringComparison.Ordinal);

        (await Fleet.SendAsync(HttpMethod.Put, Samples.Web, mistyped)).ShouldBeStatus(400, "BadRequest", "imagee");
    }

    [Fact]
    public async Task Get_OfNothing_Is404() => (await Fleet.SendAsync(HttpMethod.Get, Samples.Web)).ShouldBeStatus(404, "NotFound", "web");

    [Fact]
    public async Task Delete_OfADeployment_WaitsForTheManifestsHoweverSoonItComes()
    {
        await Fleet.SendAsync(HttpMethod.Post, Samples.Deployments, Samples.Deployment());
        await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment(image: "docker.io/library/web:2"));

        var deleted = await Fleet.SendAsync(HttpMethod.Delete, Samples.Web);

        deleted.Code.ShouldBe(200);
        var metadata = deleted.Body.GetProperty("metadata");
        metadata.GetProperty("finalizers").EnumerateArray().Single().GetString().ShouldBe(ApiGroup.ManifestFinalizer);
        metadata.TryGetProperty("deletionTimestamp", out _).ShouldBeTrue();
        (await Fleet.SendAsync(HttpMethod.Get, Samples.Web)).Code.ShouldBe(200);
    }

    [Fact]
    public async Task Delete_OfAnotherUid_Is409()
    {
        await Fleet.SendAsync(HttpMethod.Put, Samples.Web, Samples.Deployment());

        (await Fleet.SendAsync(HttpMethod.Delete, Samples.Web, """{"preconditions":{"uid":"another"}}""")).ShouldBeStatus(409, "Conflict");
    }

    [Fact]
    public async Task List_WithALimit_Pages()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            await Fleet.SendAsync(HttpMethod.Post, Samples.Deployments, Samples.Deployment(name));
        }

        var first = await Fleet.SendAsync(HttpMethod.Get, Samples.Deployments + "?limit=2");
        var token = first.Body.GetProperty("metadata").GetProperty("continue").GetString()!;
        var second = await Fleet.SendAsync(HttpMethod.Get, $"{Samples.Deployments}?limit=2&continue={Uri.EscapeDataString(token)}");

        Names(first.Body).ShouldBe(["a", "b"]);
        Names(second.Body).ShouldBe(["c"]);
        second.Body.GetProperty("metadata").TryGetProperty("continue", out _).ShouldBeFalse();
        second.Body.GetProperty("kind").GetString().ShouldBe("DeploymentList");
    }

    [Fact]
    public async Task List_LargerThanItsBuffer_IsWhole()
    {
        var large = Samples.Deployment(name: null).Replace("\"metadata\":{", $"\"metadata\":{{\"annotations\":{{\"a\":\"{new string('x', 40_000)}\"}},", StringComparison.Ordinal);
        for (var i = 0; i < 8; i++)
        {
            (await Fleet.SendAsync(HttpMethod.Put, $"{Samples.Deployments}/web-{i}", large)).Code.ShouldBe(201);
        }

        var list = await Fleet.SendAsync(HttpMethod.Get, Samples.Deployments);

        Names(list.Body).ShouldBe(Enumerable.Range(0, 8).Select(i => $"web-{i}"));
        list.Body.ToString().Length.ShouldBeGreaterThan(320_000);
    }

    [Theory]
    [InlineData("site=a", "pi-1")]
    [InlineData("site==a", "pi-1")]
    [InlineData("site!=a", "pi-2,pi-3")]
    [InlineData("site in (a,b)", "pi-1,pi-2")]
    [InlineData("site notin (a)", "pi-2,pi-3")]
    [InlineData("site", "pi-1,pi-2")]
    [InlineData("!site", "pi-3")]
    [InlineData("site in (a,b),!old", "pi-1")]
    public async Task List_WithALabelSelector_ShowsThoseThatMatch(string selector, string expected)
    {
        foreach (var (name, labels) in new[] { ("pi-1", "\"site\":\"a\""), ("pi-2", "\"site\":\"b\",\"old\":\"yes\""), ("pi-3", "\"n\":\"1\"") })
        {
            var deployment = Samples.Deployment(name).Replace("\"metadata\":{", $"\"metadata\":{{\"labels\":{{{labels}}},", StringComparison.Ordinal);
            (await Fleet.SendAsync(HttpMethod.Post, Samples.Deployments, deployment)).Code.ShouldBe(201);
        }

        var list = await Fleet.SendAsync(HttpMethod.Get, $"/api/v1/deployments?labelSelector={Uri.EscapeDataString(selector)}");

        string.Join(',', Names(list.Body)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("limit=many")]
    [InlineData("limit=-1")]
    [InlineData("limit=99999999999")]
    [InlineData("watch=perhaps")]
    [InlineData("labelSelector=a%20near%20b")]
    [InlineData("continue=nonsense")]
    public async Task List_WithAWrongQuery_Is400(string query) =>
        (await Fleet.SendAsync(HttpMethod.Get, $"{Samples.Deployments}?{query}")).ShouldBeStatus(400, "BadRequest");

    [Fact]
    public async Task Device_PutByAUser_WritesSpecLabelsOnly()
    {
        var forged = """{"metadata":{"labels":{"device-id":"other"}},"spec":{"labels":{"site":"a"},"inventory":{"hostname":"forged"}},"status":{"agentVersion":"9"}}""";

        var created = await Fleet.SendAsync(HttpMethod.Put, Samples.Pi, forged);

        created.Code.ShouldBe(201);
        created.Body.GetProperty("spec").GetProperty("labels").ToString().ShouldBe("""{"site":"a"}""");
        created.Body.GetProperty("spec").TryGetProperty("inventory", out _).ShouldBeFalse();
        created.Body.GetProperty("metadata").GetProperty("labels").ToString().ShouldBe("{}");
        created.Body.TryGetProperty("status", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("device-id")]
    [InlineData("fleet.nationtech.io/role")]
    [InlineData("not a key")]
    public async Task Device_PutWithAReservedLabel_Is422(string key) =>
        (await Fleet.SendAsync(HttpMethod.Put, Samples.Pi, Samples.Device(key))).ShouldBeStatus(422, "Invalid", key);

    [Fact]
    public async Task Device_Delete_RemovesIt_OnceNothingOfItIsOnTheBus()
    {
        await Fleet.SendAsync(HttpMethod.Put, Samples.Pi, Samples.Device());

        var deleted = await Fleet.SendAsync(HttpMethod.Delete, Samples.Pi);
        deleted.Code.ShouldBe(200);
        deleted.Body.GetProperty("metadata").GetProperty("name").GetString().ShouldBe("pi-1");
        deleted.Body.GetProperty("metadata").GetProperty("finalizers").EnumerateArray().Single().GetString().ShouldBe(ApiGroup.BusFinalizer);
        (await Fleet.SendAsync(HttpMethod.Delete, Samples.Pi)).Code.ShouldBe(200);
        Names((await Fleet.SendAsync(HttpMethod.Get, Samples.Devices)).Body).ShouldBe(["pi-1"]);
    }

    private static List<string> Names(JsonElement list) =>
        [.. list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("metadata").GetProperty("name").GetString()!)];
}
