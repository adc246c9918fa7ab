using System.Security.Cryptography;
using System.Text;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCaseOrderer(typeof(Harmony.Fleet.Tests.TestOrder))]
[assembly: TestCollectionOrderer(typeof(Harmony.Fleet.Tests.TestOrder))]

namespace Harmony.Fleet.Tests;

/// <summary>
/// Runs tests in the same order on every machine; xunit's own order depends on the folder that the test program lies in. Another order, which
/// shows tests that lean on each other, is had by <c>./fleet test --shuffle SEED</c>.
/// </summary>
internal sealed class TestOrder : ITestCaseOrderer, ITestCollectionOrderer
{
    private static readonly string? Seed = Environment.GetEnvironmentVariable("HARMONY_FLEET_TEST_SEED");

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase => [.. testCases.OrderBy(test => Place(test.TestCaseDisplayName), StringComparer.Ordinal)];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(collection => Place(collection.TestCollectionDisplayName), StringComparer.Ordinal)];

    private static string Place(string name) => string.IsNullOrEmpty(Seed) ? name : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Seed + name)));
}
