using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Resources;
using Harmony.Fleet.Cli.Help;

namespace Harmony.Fleet.Tests.Cli.Help;

/// <summary>No message of the parser's library reaches a user as it is: read from the library itself, so that a new one is noticed.</summary>
public sealed class ParserTextTests
{
    /// <summary>Parts of the help, which are no errors, and errors of what is not used here: response files, and options that name files.</summary>
    private static readonly string[] NeverShown =
    [
        "DirectoryDoesNotExist", "ErrorReadingResponseFile", "ExceptionHandlerHeader", "FileDoesNotExist", "FileOrDirectoryDoesNotExist",
        "InvalidCharactersInFileName", "InvalidCharactersInPath", "ResponseFileNotFound", "VersionOptionDescription",
    ];

    public static TheoryData<string, string> Messages => [.. All().Where(text => !NeverShown.Contains(text.Name) && !text.Name.StartsWith("Help", StringComparison.Ordinal)).Select(text => (text.Name, text.Format))];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_OfTheLibrary_IsToldInOurOwnWords(string name, string format)
    {
        var message = string.Format(CultureInfo.InvariantCulture, format, name.StartsWith("Version", StringComparison.Ordinal) ? "--version" : "--x", "2", "System.Int32", "\n\t'a'\n\t'b'");

        var told = ParserTexts.Of(message, "fleet ping", ["DEVICE"], new Option<string>("--x") { HelpName = "N" });

        told.ShouldNotContain(message[..12]);
        told.ShouldNotContain("System.");
        told.ShouldNotContain("command:");
        told.ShouldNotContain('\n');
    }

    [Fact]
    public void EveryMessage_ThatIsLeftOut_IsOneOfTheLibrary() => NeverShown.ShouldBeSubsetOf(All().Select(text => text.Name));

    [Fact]
    public void OurOwnMessage_IsPassedOn() => ParserTexts.Of("--tail 'x' is no number of lines: use 1 to 10", "fleet logs", [], null).ShouldBe("--tail 'x' is no number of lines: use 1 to 10");

    private static IEnumerable<(string Name, string Format)> All()
    {
        var library = typeof(Command).Assembly;
        using var stream = library.GetManifestResourceStream("System.CommandLine.Properties.Resources.resources").ShouldNotBeNull();
        using var resources = new ResourceReader(stream);
        return [.. resources.Cast<DictionaryEntry>().Select(entry => ((string)entry.Key, (string)entry.Value!)).OrderBy(pair => pair.Item1, StringComparer.Ordinal)];
    }
}
