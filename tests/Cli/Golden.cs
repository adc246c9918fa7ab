using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Cli;

/// <summary>Texts that are kept beside the tests: a change of them is a change that is reviewed.</summary>
internal static class Golden
{
    /// <summary>Compares with <c>Golden/NAME.txt</c>; with UPDATE_GOLDEN=1 writes it.</summary>
    public static void ShouldMatch(string name, string text)
    {
        var path = RepositoryRoot.File($"tests/Cli/Golden/{name}.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        text.ShouldBe(File.ReadAllText(path));
    }

    /// <summary>JSON without the white space between its tokens.</summary>
    public static string ReplaceWhitespace(this string json) => JsonText.Line(System.Text.Json.JsonElement.Parse(json));
}
