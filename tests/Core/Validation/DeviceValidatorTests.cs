using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Validation;

namespace Harmony.Fleet.Tests.Core.Validation;

public sealed class DeviceValidatorTests
{
    [Fact]
    public void Validate_Whole_FindsNothing() => Errors(Sample(("group", "a"), ("example.com/zone", ""))).ShouldBeEmpty();

    [Theory]
    [InlineData("device-id", "x", "spec.labels.device-id: Forbidden: only the control plane sets it")]
    [InlineData("fleet.nationtech.io/role", "x", "spec.labels.fleet.nationtech.io/role: Forbidden: only the control plane sets it")]
    [InlineData("a b", "x", "spec.labels: Invalid value: \"a b\"")]
    [InlineData("a", "-", "spec.labels.a: Invalid value: \"-\"")]
    [InlineData("a", null, "spec.labels.a: Required value")]
    public void Validate_BadLabel_NamesIt(string key, string? value, string expected) =>
        Errors(Sample((key, value!))).ShouldHaveSingleItem().ShouldStartWith(expected);

    [Fact]
    public void Validate_BadNameOrScope_IsTold()
    {
        Errors(Sample() with { Metadata = new() { Name = "pi.1" } }).ShouldHaveSingleItem().ShouldStartWith("metadata.name: Invalid value");
        Errors(Sample() with { Metadata = new() { Name = "pi-1", Namespace = "default" } }).ShouldHaveSingleItem().ShouldStartWith("metadata.namespace: Forbidden");
    }

    [Fact]
    public void Validate_TooManyLabels_IsTold()
    {
        Errors(Many(64)).ShouldBeEmpty();
        Errors(Many(65)).ShouldHaveSingleItem().ShouldBe("spec.labels: Too many: 65: must have at most 64 items");
    }

    private static Device Many(int count) => Sample([.. Enumerable.Range(0, count).Select(number => ($"k{number}", "v"))]);

    private static string[] Errors(Device device) => [.. DeviceValidator.Validate(device).Select(error => error.ToString())];

    private static Device Sample(params (string Key, string Value)[] labels) => new()
    {
        Metadata = new() { Name = "pi-1" },
        Spec = new() { Labels = labels.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value) },
    };
}
