using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Hosting.Options;

/// <summary>
/// Reads a program's settings: one JSON file, in which comments and trailing commas are welcome, and a setting that nobody knows is not.
/// Everything that is wrong is told at once.
/// </summary>
public static class OptionsFile
{
    private const int MaxBytes = 64 * 1024;
    private static readonly JsonDocumentOptions Written = new()
    {
        AllowDuplicateProperties = false, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 8,
    };

    /// <summary>Reads the file at <paramref name="path"/>, and whatever <paramref name="check"/> reads of the files that it names.</summary>
    /// <param name="path">The file. Relative paths in it are relative to its folder.</param>
    /// <param name="type">The shape of the file: every property is nullable, for it may be missing; comments and trailing commas are allowed.</param>
    /// <param name="check">Turns what was written into options; what it tells of errors counts more than what it returns.</param>
    public static OptionsOutcome<TOptions> Load<TFile, TOptions>(string path, JsonTypeInfo<TFile> type, Func<TFile, OptionsCheck, TOptions?> check)
        where TFile : class
        where TOptions : class
    {
        var full = Path.GetFullPath(path);
        var told = new OptionsCheck(Path.GetDirectoryName(full)!);
        var options = Text(full, told) is { } json && Parse(json, full, type, told) is { } file ? check(file, told) : null;
        return options is not null && told.Errors.Count == 0
            ? new OptionsOutcome<TOptions>.Loaded(options)
            : new OptionsOutcome<TOptions>.Invalid(told.Errors.ToImmutable());
    }

    /// <summary>Reads JSON as strictly as settings are read; tells <paramref name="told"/> what is wrong with it.</summary>
    internal static T? Parse<T>(ReadOnlyMemory<byte> json, string path, JsonTypeInfo<T> type, OptionsCheck told)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(json, Written);
            if (document.RootElement.ValueKind == JsonValueKind.Null)
            {
                told.Errors.Add($"{path} holds null: write {{...}}.");
            }

            // A name that nobody knows is told, and does not hide what is wrong with the others; a value of the wrong kind does.
            return SettingsShape.Check(document.RootElement, type, string.Empty, told.Errors.Add) ? document.Deserialize(type) : null;
        }
        catch (JsonException error)
        {
            told.Errors.Add($"{path} is no valid JSON{Place(error)}: {Sentence(error)}");
        }
        catch (InvalidOperationException)
        {
            // What the parser throws for the name of a setting that is half a character.
            told.Errors.Add($"{path} is no valid JSON: the name of a setting holds half a character.");
        }

        return null;
    }

    private static ReadOnlyMemory<byte>? Text(string path, OptionsCheck told)
    {
        try
        {
            var bytes = RegularFile.Read(path, MaxBytes);
            var text = bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? "\uFEFF"u8.Length : 0);
            if (bytes.Length <= MaxBytes && Utf8.IsValid(text.Span))
            {
                return text;
            }

            told.Errors.Add(bytes.Length > MaxBytes ? $"{path} is larger than {MaxBytes} bytes: it holds no settings." : $"{path} is no text in UTF-8: save it as such.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            told.Errors.Add($"{path} cannot be read: there is no such file.");
        }
        catch (UnauthorizedAccessException)
        {
            told.Errors.Add($"{path} cannot be read by user '{Environment.UserName}': run as its owner, or change its rights.");
        }
        catch (IOException error)
        {
            told.Errors.Add($"{path} cannot be read: {error.Message}");
        }

        return null;
    }

    private static string Place(JsonException error) =>
        error.LineNumber is { } line ? $" (line {line + 1}, column {error.BytePositionInLine + 1})" : string.Empty;

    /// <summary>The parser's message without the place, which is told in an editor's terms.</summary>
    private static string Sentence(JsonException error)
    {
        var end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? error.Message : error.Message[..end];
    }
}
