using System.CommandLine;
using System.Text;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Backups;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Cli.Backups;

/// <summary>The passphrase of a backup: from a file, from the environment, or asked for. Never from the command line, which others can see.</summary>
internal sealed class Passphrase(CliHost host)
{
    /// <summary>The variable that holds it.</summary>
    public const string Variable = "HARMONY_FLEET_PASSPHRASE";

    private const int MaxBytes = 4096;

    /// <summary>The option that names its file.</summary>
    public static Option<string?> Option() => new("--passphrase-file")
    {
        Description = $"The file that holds the passphrase, on one line. Default: {Variable}, or a question.",
        HelpName = "FILE",
    };

    /// <summary>It.</summary>
    /// <param name="file">Its file; null for none.</param>
    /// <param name="isNew">Whether something is to be encrypted with it: then it is asked for twice, and must not be short.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    public async Task<Outcome<string>> GetAsync(string? file, bool isNew, CancellationToken cancellationToken)
    {
        if (file is null && host.Environment(Variable) is not { Length: > 0 })
        {
            return await AskAsync(isNew, cancellationToken);
        }

        var found = file is not null ? await ReadAsync(host.FullPath(file), cancellationToken) : host.Environment(Variable)!;
        return found.IsOk && isNew && IsShort(found.Value) ? TooShort() : found;
    }

    private static bool IsShort(string passphrase) => passphrase.Length < FleetBackup.MinPassphrase;

    private static Fault TooShort() =>
        Fault.Invalid($"a passphrase has at least {FleetBackup.MinPassphrase} characters", "whoever has the file can try as often as they like: take a long one");

    private async Task<Outcome<string>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = await CappedFile.ReadAsync(path, MaxBytes, cancellationToken);
        if (!bytes.IsOk)
        {
            return bytes.Fault;
        }

        var text = Encoding.UTF8.GetString(bytes.Value).TrimEnd('\n').TrimEnd('\r');
        if (text.Length == 0 || text.Contains('\n', StringComparison.Ordinal))
        {
            return Fault.Invalid(text.Length == 0 ? $"{path} holds no passphrase" : $"{path} has more than one line", "it should hold one line, the passphrase");
        }

        if (IsOpenToOthers(path))
        {
            host.Console.Say($"Others may read {path}, and with it open the backup: chmod 600 {ShellText.Quote(path)} keeps it to its owner.");
        }

        return text;
    }

    private static bool IsOpenToOthers(string path)
    {
        try
        {
            return FileEntry.At(path, follow: true).Kind == FileKind.File && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != UnixFileMode.None;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task<Outcome<string>> AskAsync(bool isNew, CancellationToken cancellationToken)
    {
        if (!host.Console.IsInTerminal)
        {
            return Fault.Invalid("there is no terminal to ask for the passphrase on", $"name its file with --passphrase-file, or set {Variable}");
        }

        var first = await AskOnceAsync(isNew ? $"Passphrase (at least {FleetBackup.MinPassphrase} characters): " : "Passphrase: ", cancellationToken);
        if (string.IsNullOrEmpty(first))
        {
            return Fault.Invalid("no passphrase was given");
        }

        if (isNew && IsShort(first))
        {
            return TooShort();
        }

        return isNew && await AskOnceAsync("Again: ", cancellationToken) != first ? Fault.Invalid("the two are not the same", "nothing was written: try again") : first;
    }

    private async Task<string?> AskOnceAsync(string question, CancellationToken cancellationToken)
    {
        host.Console.Error.Write(question);
        using (host.Console.Hushed())
        {
            var answer = await host.Console.ReadLineAsync(cancellationToken);
            host.Console.EndLine();
            return answer;
        }
    }
}
