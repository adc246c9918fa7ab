using System.Diagnostics;
using System.Text.Json;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Packaging.Licences;

namespace Harmony.Fleet.Tests.Packaging.Bills;

/// <summary>eng/bom.sh, on what was restored for each program.</summary>
[Trait("Category", "Integration")]
public sealed class BillOfMaterialsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public static TheoryData<string> Programs => [.. ShippedPackage.Programs.Keys];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Bill_NamesEachPackageWithItsAddressVersionLicenceAndHash(string program)
    {
        using var bill = JsonDocument.Parse(await File.ReadAllTextAsync(await WriteAsync(program, "bill.json"), TestContext.Current.CancellationToken));

        bill.RootElement.GetProperty("bomFormat").GetString().ShouldBe("CycloneDX");
        bill.RootElement.GetProperty("specVersion").GetString().ShouldBe("1.6");
        var components = bill.RootElement.GetProperty("components").EnumerateArray().ToArray();
        ShippedPackage.Of(program).Select(package => $"pkg:nuget/{package.Name}@{package.Version}")
            .Except(components.Select(component => component.GetProperty("purl").GetString())).ShouldBeEmpty();
        components.ShouldAllBe(component => component.GetProperty("licenses").GetArrayLength() > 0 && component.GetProperty("hashes").GetArrayLength() > 0);
    }

    [Theory]
    [InlineData("agent", "NATS.Client.Core", "Apache-2.0")]
    [InlineData("operator", "SQLite", "blessing")]
    [InlineData("operator", "Microsoft.Data.Sqlite.Core", "MIT")]
    public async Task Bill_SaysTheLicence(string program, string package, string licence)
    {
        using var bill = JsonDocument.Parse(await File.ReadAllTextAsync(await WriteAsync(program, "bill.json"), TestContext.Current.CancellationToken));

        var component = bill.RootElement.GetProperty("components").EnumerateArray().Single(component => component.GetProperty("name").GetString() == package);
        component.GetProperty("licenses")[0].GetProperty("license").GetProperty("id").GetString().ShouldBe(licence);
    }

    [Fact]
    public async Task Bill_SaysWhatDependsOnWhat()
    {
        using var bill = JsonDocument.Parse(await File.ReadAllTextAsync(await WriteAsync("operator", "bill.json"), TestContext.Current.CancellationToken));

        var root = bill.RootElement.GetProperty("metadata").GetProperty("component").GetProperty("bom-ref").GetString();
        var edges = bill.RootElement.GetProperty("dependencies").EnumerateArray().ToDictionary(
            edge => edge.GetProperty("ref").GetString()!,
            edge => edge.TryGetProperty("dependsOn", out var on) ? on.EnumerateArray().Select(item => item.GetString()!).ToArray() : []);
        edges[root!].ShouldContain(purl => purl.StartsWith("pkg:nuget/Microsoft.Data.Sqlite.Core@", StringComparison.Ordinal));
        edges.Values.SelectMany(on => on).ShouldAllBe(purl => edges.ContainsKey(purl));
    }

    [Fact]
    public async Task Bill_OfTheSameSources_HasTheSameBytes()
    {
        var first = await File.ReadAllBytesAsync(await WriteAsync("operator", "first.json"), TestContext.Current.CancellationToken);
        var second = await File.ReadAllBytesAsync(await WriteAsync("operator", "second.json"), TestContext.Current.CancellationToken);

        second.ShouldBe(first);
    }

    [Theory]
    [InlineData(2, "of which program?")]
    [InlineData(2, "'gateway' is no program", "gateway", "bill.json")]
    [InlineData(2, "where to?", "agent")]
    [InlineData(1, "is not there", "agent", "/nowhere/bill.json")]
    [InlineData(1, "publish the program", "agent", "/tmp/bill.json", "--artifacts", "/nowhere")]
    public async Task Call_ThatIsWrong_IsToldInASentence(int code, string message, params string[] arguments)
    {
        var call = await RunAsync(arguments);

        call.Code.ShouldBe(code);
        call.Errors.ShouldContain(message);
    }

    private async Task<string> WriteAsync(string program, string name)
    {
        var call = await RunAsync(program.ToLowerInvariant(), folder.File(name));
        call.Code.ShouldBe(0, call.Errors);
        return folder.File(name);
    }

    private static async Task<(int Code, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(RepositoryRoot.File("eng/bom.sh"), arguments) { UseShellExecute = false, RedirectStandardError = true };
        start.Environment["SOURCE_DATE_EPOCH"] = "1764150000";
        using var process = await Spawner.StartAsync(start);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, errors);
    }
}
