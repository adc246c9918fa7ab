using System.Text.Json;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>Reads operator.json.</summary>
internal static class OptionsLoader
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>Reads and checks the file at <paramref name="path"/>, and the files that it names. Relative paths in it are relative to its folder.</summary>
    public static OptionsOutcome Load(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            if (new FileInfo(full).Length > MaxBytes)
            {
                return Invalid($"{path} is larger than {MaxBytes} bytes: this is no operator.json.");
            }

            var file = JsonSerializer.Deserialize(File.ReadAllBytes(full), OperatorFileJson.Default.OperatorFile);
            return file is null ? Invalid($"{path} holds null: write the settings as {{...}}.") : new OptionsCheck(Path.GetDirectoryName(full)!).Check(file);
        }
        catch (JsonException error)
        {
            var place = error.LineNumber is { } line ? $" (line {line + 1}, column {error.BytePositionInLine + 1})" : string.Empty;
            return Invalid($"{path} is no valid JSON of settings{place}: {Sentence(error)}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Invalid($"{path} cannot be read: {error.Message}");
        }
    }

    private static OptionsOutcome.Invalid Invalid(string error) => new([error]);

    /// <summary>The parser's message without the place, which is told in an editor's terms.</summary>
    private static string Sentence(JsonException error)
    {
        var end = error.Message.IndexOf(" Path:", StringComparison.Ordinal);
        end = end < 0 ? error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal) : end;
        var text = end < 0 ? error.Message : error.Message[..end];
        return error.Path is { Length: > 2 } at ? $"at {at[2..]}: {text}" : text;
    }
}
