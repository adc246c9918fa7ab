using System.Buffers;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>Words of command lines that are shown, so that they can be pasted into a shell.</summary>
internal static class ShellText
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+:,=@%");

    /// <summary><paramref name="word"/> as a shell takes it for one word: as it is where it can be, else in single quotes.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
