using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Engine;

namespace Harmony.Fleet.Tests.Core.Engine;

public sealed class DevicePrintsTests
{
    private readonly DevicePrints prints = new();

    /// <summary>One that is added to the contract and forgotten here would never be written again once it changed.</summary>
    [Fact]
    public void Inventory_WhicheverOfItChanges_HasAnotherPrint()
    {
        var names = typeof(Inventory).GetProperties().Select(property => property.Name).Where(name => name != "EqualityContract").ToArray();
        var changed = names.Select(name =>
        {
            var made = new Inventory();
            var property = typeof(Inventory).GetProperty(name)!;
            property.SetValue(made, property.PropertyType == typeof(string) ? "x" : Convert.ChangeType(7, property.PropertyType));
            return prints.Of(made);
        }).ToArray();

        names.ShouldNotBeEmpty();
        changed.Append(prints.Of(new Inventory())).Append(prints.Of(null)).ShouldBeUnique();
    }

    [Fact]
    public void Inventory_WithAnEmptyText_IsAsWithoutIt() =>
        prints.Of(new Inventory { Model = string.Empty, Cpus = 4 }).ShouldBe(prints.Of(new Inventory { Cpus = 4 }));

    [Fact]
    public void Texts_DoNotRunIntoEachOther()
    {
        var builder = new FingerprintBuilder();

        builder.Add("ab").Add("c").Finish().ShouldNotBe(builder.Add("a").Add("bc").Finish());
        builder.Add("a").Finish().ShouldBe(builder.Add("a").Finish(), "it begins anew each time");
        builder.Add((string?)null).Finish().ShouldNotBe(builder.Add(string.Empty).Finish());
    }
}
