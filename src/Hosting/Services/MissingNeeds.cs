using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Harmony.Fleet.Hosting.Services;

/// <summary>Libraries of the machine that a service cannot do without.</summary>
internal static partial class MissingNeeds
{
    /// <summary>OpenSSL, as the runtime looks for it. Where it finds none it would end the process with no word of ours.</summary>
    private static readonly string[] OpenSsl = ["libssl.so.3", "libssl.so.1.1", "libssl.so.1.0.2", "libssl.so.1.0.0", "libssl.so.10"];

    /// <summary>What is missing, in one sentence; null when nothing is.</summary>
    public static string? Find() => OpenSsl.Any(name => NativeLibrary.TryLoad(name, out _))
        ? null
        : Sentence("libssl.so.3", "install OpenSSL 3, the Debian package libssl3 (since Debian 13: libssl3t64)");

    /// <summary>What an error tells of a missing library, in one sentence; null where it tells of something else.</summary>
    public static string? Sentence(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
            {
                var name = LibraryName().Match(cause.Message) is { Success: true } match ? match.Groups["name"].Value : "of the operating system";
                return Sentence(name, "install it, or install this program anew");
            }
        }

        return null;
    }

    private static string Sentence(string library, string advice) => $"The library {library} is not on this machine, or cannot be used: {advice}.";

    [GeneratedRegex("'(?<name>[^']+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LibraryName();
}
