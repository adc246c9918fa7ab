using Harmony.Fleet.Disks;
using System.Globalization;
using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Ports.State;

namespace Harmony.Fleet.Adapters.Files.AgentState;

/// <content>How often the agent started: a number, and its digest, which vouches for it.</content>
public sealed partial class AgentStateFiles
{
    private const string BootName = "boot.state";
    private const int MaxBootFileBytes = 128;

    /// <inheritdoc/>
    public async Task<BootStart> BeginBootAsync(long floor, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, BootName);
        var boot = floor;
        var saved = await SaveAsync(
            () =>
            {
                boot = Math.Min(Math.Max(LastBoot(path) + 1, floor), WireLimits.MaxGenerationPart);
                files.Replace(path, WriteBoot(boot));
            },
            cancellationToken);
        return new BootStart(boot, (saved as SaveOutcome.Failed)?.Reason);
    }

    private static byte[] WriteBoot(long boot)
    {
        var number = boot.ToString(CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes($"{number} {Digest.Of(Encoding.ASCII.GetBytes(number))}\n");
    }

    /// <summary>The boot before; 0 where it is not known.</summary>
    private long LastBoot(string path)
    {
        ClearWay(path, FileKind.File);
        ClearWay(path + DurableFiles.NewSuffix, FileKind.File);
        try
        {
            if (disk.Read(path, MaxBootFileBytes) is not { } bytes)
            {
                return 0;
            }

            var number = Encoding.ASCII.GetString(bytes).Split(' ')[0];
            if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var boot) && WriteBoot(boot).AsSpan().SequenceEqual(bytes))
            {
                return boot;
            }

            LogBootLost(path, "it is damaged");
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            LogBootLost(path, error.Message);
        }

        return 0;
    }
}
