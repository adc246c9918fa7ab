using System.Collections.Immutable;
using Harmony.Fleet.Disks;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Ports.State;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Files.AgentState;

/// <summary>
/// An agent's state in files. The manifest is kept twice, the second copy written first: whichever one is damaged, and whenever
/// the power goes, the other is what was held, or what was about to be. Scores are named by their digest, which vouches for them.
/// </summary>
public sealed partial class AgentStateFiles : IAgentStateStore
{
    private const string MainName = "manifest.state";
    private const string CopyName = "manifest.copy.state";
    private const int MaxScoreFileBytes = WireLimits.MaxScoreBytes + 1024;

    private readonly string folder;
    private readonly string scores;
    private readonly IDisk disk;
    private readonly DurableFiles files;
    private readonly ILogger<AgentStateFiles> logger;
    private readonly Lock gate = new();

    /// <summary>State in <paramref name="folder"/>, which is made when it is missing.</summary>
    public AgentStateFiles(string folder, ILogger<AgentStateFiles> logger)
        : this(folder, new PosixDisk(), logger)
    {
    }

    internal AgentStateFiles(string folder, IDisk disk, ILogger<AgentStateFiles> logger)
    {
        this.folder = folder;
        this.disk = disk;
        this.logger = logger;
        scores = Path.Combine(folder, "scores");
        files = new DurableFiles(disk);
    }

    /// <inheritdoc/>
    public Task<StateLoad> LoadAsync(CancellationToken cancellationToken) => Task.Run(Load, cancellationToken);

    /// <inheritdoc/>
    public Task<SaveOutcome> SaveAsync(HeldManifest manifest, CancellationToken cancellationToken) => SaveAsync(() => Save(manifest), cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]?> LoadScoreAsync(Digest address, CancellationToken cancellationToken) => Task.Run(() => LoadScore(address), cancellationToken);

    /// <inheritdoc/>
    public Task<SaveOutcome> SaveScoreAsync(Digest address, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken) => SaveAsync(
        () =>
        {
            disk.MakeFolder(scores);
            files.Replace(ScoreFile(address), ciphertext.Span);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<SaveOutcome> SweepScoresAsync(IReadOnlySet<Digest> keep, CancellationToken cancellationToken) => SaveAsync(
        () =>
        {
            foreach (var name in disk.List(scores).Where(name => !Digest.TryParse(name, out var address) || !keep.Contains(address)))
            {
                disk.Delete(Path.Combine(scores, name));
            }
        },
        cancellationToken);

    private static bool IsOfTheDisk(Exception error) => error is IOException or UnauthorizedAccessException;

    private StateLoad Load()
    {
        lock (gate)
        {
            try
            {
                disk.MakeFolder(folder);
            }
            catch (Exception error) when (IsOfTheDisk(error))
            {
                return new StateLoad.Unreadable(Sentence("used", error));
            }

            ClearWay(scores, FileKind.Folder);
            ClearWay(Path.Combine(folder, MainName + DurableFiles.NewSuffix), FileKind.File);
            ClearWay(Path.Combine(folder, CopyName + DurableFiles.NewSuffix), FileKind.File);
            return Judge(Read(MainName), Read(CopyName));
        }
    }

    private StateLoad Judge(ManifestCopy main, ManifestCopy copy)
    {
        var newest = new[] { main.Manifest, copy.Manifest }.OfType<HeldManifest>().MaxBy(manifest => manifest.Mark.Generation);
        if (newest is null && (main.Unread ?? copy.Unread) is { } unread)
        {
            return new StateLoad.Unreadable(Sentence("read", unread)); // It may be whole, and is left where it is.
        }

        ImmutableArray<string> damages = [.. new[] { main, copy }.Where(it => it.Fault is not null).Select(PutAside)];
        if (newest is null)
        {
            return damages.IsEmpty ? Absent() : new StateLoad.Corrupt(string.Join(' ', damages));
        }

        if (main.Manifest?.Mark != newest.Mark || copy.Manifest?.Mark != newest.Mark)
        {
            Mend(newest);
        }

        return new StateLoad.Loaded(newest, damages);
    }

    /// <summary>No copy is there: none was ever, or what was damaged was put aside before this start, and nothing was fetched since.</summary>
    private StateLoad Absent() => ((string[])[MainName, CopyName]).Select(name => DurableFiles.AsideOf(Path.Combine(folder, name))).FirstOrDefault(IsThere) is { } aside
        ? new StateLoad.Corrupt($"The state was damaged before, and nothing has taken its place since: '{aside}' is what was put aside.")
        : new StateLoad.Empty();

    /// <summary>One copy: what is wrong with it is no reason not to look at the other.</summary>
    private ManifestCopy Read(string name)
    {
        var path = Path.Combine(folder, name);
        try
        {
            if (disk.Read(path, ManifestEnvelope.MaxBytes) is not { } bytes)
            {
                return new ManifestCopy(path, null, null);
            }

            var (manifest, fault) = ManifestEnvelope.Read(bytes);
            return new ManifestCopy(path, manifest, fault);
        }
        catch (NoFileException error)
        {
            return new ManifestCopy(path, null, error.Message.TrimEnd('.')); // No file that was ever kept: there is nothing in it to be spared.
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            return new ManifestCopy(path, null, error.Message) { Unread = error };
        }
    }

    /// <summary>Keeps a damaged copy for people to look at, where the disk still allows it; says so in a sentence.</summary>
    private string PutAside(ManifestCopy damaged)
    {
        var sentence = $"The state file '{damaged.Path}' is damaged ({damaged.Fault})";
        try
        {
            var aside = files.PutAside(damaged.Path);
            LogDamaged(damaged.Path, damaged.Fault!);
            return $"{sentence}; it was kept as '{aside}'.";
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            LogNotAside(damaged.Path, damaged.Fault!, error);
            return $"{sentence}; it could not be put aside.";
        }
    }

    /// <summary>Where something else stands in the place of what is written here, nothing could be kept any more.</summary>
    private void ClearWay(string path, FileKind kind)
    {
        try
        {
            if (disk.Kind(path) is var found && found != FileKind.None && found != kind)
            {
                LogInTheWay(path, files.PutAside(path));
            }
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            LogNotCleared(path, error);
        }
    }

    private bool IsThere(string path)
    {
        try
        {
            return disk.Kind(path) != FileKind.None;
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            return true; // Something that cannot be looked at.
        }
    }

    /// <summary>The copies are made equal again; where that fails, one whole copy is still there.</summary>
    private void Mend(HeldManifest manifest)
    {
        try
        {
            Save(manifest);
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            LogNotMended(error);
        }
    }

    private void Save(HeldManifest manifest)
    {
        var file = ManifestEnvelope.Write(manifest);
        files.Replace(Path.Combine(folder, CopyName), file);
        files.Replace(Path.Combine(folder, MainName), file);
    }

    private byte[]? LoadScore(Digest address)
    {
        lock (gate)
        {
            ClearWay(ScoreFile(address), FileKind.File);
            try
            {
                var bytes = disk.Read(ScoreFile(address), MaxScoreFileBytes);
                if (bytes is null || Digest.Of(bytes) == address)
                {
                    return bytes;
                }

                LogScoreDamaged(address);
                disk.Delete(ScoreFile(address));
                return null;
            }
            catch (Exception error) when (IsOfTheDisk(error))
            {
                LogScoreUnreadable(address, error);
                return null;
            }
        }
    }

    private Task<SaveOutcome> SaveAsync(Action save, CancellationToken cancellationToken) => Task.Run<SaveOutcome>(
        () =>
        {
            lock (gate)
            {
                try
                {
                    disk.MakeFolder(folder);
                    save();
                    return new SaveOutcome.Saved();
                }
                catch (Exception error) when (IsOfTheDisk(error))
                {
                    return new SaveOutcome.Failed(Sentence("written", error));
                }
            }
        },
        cancellationToken);

    private string ScoreFile(Digest address) => Path.Combine(scores, address.Value);

    private string Sentence(string what, Exception error) => error is UnauthorizedAccessException
        ? $"The state folder '{folder}' cannot be {what} by user '{Environment.UserName}': make it that user's, or name another in stateDirectory."
        : $"The state folder '{folder}' cannot be {what}: {error.Message}";
}
