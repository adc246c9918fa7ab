using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Hosting.Options;

/// <summary>Checks settings one by one, and gathers everything that is wrong on the way.</summary>
/// <param name="folder">What relative paths are relative to.</param>
public sealed class OptionsCheck(string folder)
{
    /// <summary>The longest path of a unix socket on Linux, in bytes.</summary>
    public const int MaxSocketBytes = 107;

    /// <summary>What is wrong so far.</summary>
    internal ImmutableArray<string>.Builder Errors { get; } = ImmutableArray.CreateBuilder<string>();

    /// <summary>Something is wrong with a setting.</summary>
    /// <param name="setting">Its name, such as <c>nats.url</c>.</param>
    /// <param name="problem">What, and what to do; ends with a full stop, and shows no secret.</param>
    public void Error(string setting, string problem) => Errors.Add($"{setting}: {problem}");

    /// <summary>A text that must be there.</summary>
    /// <param name="setting">The setting's name.</param>
    /// <param name="written">What was written.</param>
    /// <param name="meaning">What it says; completes <c>it says ...</c>.</param>
    /// <returns>It; null where it is missing.</returns>
    public string? Text(string setting, string? written, string meaning)
    {
        if (!string.IsNullOrWhiteSpace(written))
        {
            return written;
        }

        Error(setting, $"it is missing; it says {meaning}.");
        return null;
    }

    /// <summary>A path that must be there, absolute. What is at it does not matter.</summary>
    /// <inheritdoc cref="Text"/>
    public string? Path(string setting, string? written, string meaning) => Text(setting, written, meaning) is { } text && CanBe(setting, text) ? At(text) : null;

    /// <summary>The path of a file that must exist where it is named at all, absolute.</summary>
    public string? OptionalFile(string setting, string? written)
    {
        if (string.IsNullOrEmpty(written) || !CanBe(setting, written))
        {
            return null;
        }

        try
        {
            RegularFile.Demand(At(written));
            if (!File.Exists(At(written)))
            {
                Error(setting, $"there is no file {At(written)}.");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Error(setting, $"{At(written)} cannot be read: {error.Message}");
        }

        return At(written);
    }

    /// <summary>The path of a unix socket, absolute.</summary>
    public string Socket(string setting, string written)
    {
        if (string.IsNullOrWhiteSpace(written))
        {
            Error(setting, "it is empty; it says where the socket is.");
            return written;
        }

        if (!CanBe(setting, written))
        {
            return written;
        }

        if (Encoding.UTF8.GetByteCount(At(written)) > MaxSocketBytes)
        {
            Error(setting, $"{At(written)} is too long for a socket; use at most {MaxSocketBytes} bytes.");
        }

        return At(written);
    }

    /// <summary>What is in a file that holds a secret: one that this machine's other users can neither read nor write.</summary>
    /// <inheritdoc cref="Text"/>
    public string? Secret(string setting, string? written, string meaning)
    {
        if (Path(setting, written, meaning) is not { } path)
        {
            return null;
        }

        var content = SecretFile.Read(path, out var problem);
        if (content is null)
        {
            Error(setting, problem);
        }

        return content;
    }

    /// <summary>What is in a file that holds a secret as JSON.</summary>
    /// <inheritdoc cref="Text"/>
    public T? Secret<T>(string setting, string? written, string meaning, JsonTypeInfo<T> type)
        where T : class
    {
        if (Secret(setting, written, meaning) is not { } text)
        {
            return null;
        }

        var told = new OptionsCheck(folder);
        var content = OptionsFile.Parse(Encoding.UTF8.GetBytes(text), At(written!), type, told);
        Errors.AddRange(told.Errors.Select(error => $"{setting}: {error}"));
        return content;
    }

    /// <summary>A number from 1 to <paramref name="max"/>; <paramref name="otherwise"/> where it is not written.</summary>
    public double Number(string setting, double? written, double max, double otherwise)
    {
        if (written is not { } number)
        {
            return otherwise;
        }

        if (!(number >= 1 && number <= max))
        {
            Error(setting, $"it is {number}; it must be from 1 to {max}.");
            return otherwise;
        }

        return number;
    }

    private bool CanBe(string setting, string path)
    {
        if (!path.Contains('\0', StringComparison.Ordinal))
        {
            return true;
        }

        Error(setting, "there is a NUL in it: it is no path.");
        return false;
    }

    private string At(string path) => System.IO.Path.GetFullPath(path, folder);
}
