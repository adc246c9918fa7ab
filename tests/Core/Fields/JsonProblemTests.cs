using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Tests.Core.Fields;

public sealed class JsonProblemTests
{
    [Theory]
    [InlineData("""{"instance": 7}""", "instance: what stands there is of another kind than is expected")]
    [InlineData("""{"deployments": [{"phase": {}}]}""", "deployments[0].phase: The JSON value is no Phase: a string is expected")]
    [InlineData("""{"deployments": [{"since": "yesterday"}]}""", "deployments[0].since: The JSON value is no RFC 3339 time")]
    [InlineData("""[]""", "what stands there is of another kind than is expected")]
    [InlineData("""{"instance": oops}""", "instance: 'o' is an invalid start of a value")]
    [InlineData("""{"instance": "a""", "instance: Expected end of string, but instead reached end of data")]
    public void WhatCannotBeRead_IsToldByItsPath_WithoutTypesOfThisProgram(string json, string words)
    {
        var error = Should.Throw<JsonException>(() => JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(json), ContractsJson.Bus.DeviceReport));

        JsonProblem.Of(error).ShouldBe(words);
    }

    [Fact]
    public void WhatAnotherErrorSays_IsTold() => JsonProblem.Of(new InvalidOperationException("It is no Unicode.")).ShouldBe("It is no Unicode");
}
