using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Operator.Control.Informers;

/// <summary>How long the texts may be that a device says: what an agent would never say is refused, what people read is cut. All of it is kept, and some of it stored and logged.</summary>
internal static class DocumentBounds
{
    /// <summary>The longest word by which an agent's run, or a connection of it, is told from others.</summary>
    public const int MaxWord = 128;

    /// <summary>The longest text of an inventory, in bytes.</summary>
    public const int MaxText = 256;

    /// <summary>An info whose texts are short; null where no agent would have said it.</summary>
    public static DeviceInfo? Cut(DeviceInfo info) =>
        IsWord(info.Instance) && IsWord(info.CommandNonce) ? info with { AgentVersion = Cut(info.AgentVersion), Inventory = Cut(info.Inventory) } : null;

    /// <summary>A report whose texts are short; null where no agent would have said it. The errors of deployments are cut where they are counted.</summary>
    public static DeviceReport? Cut(DeviceReport report) => !IsWord(report.Instance) ? null
        : report.Refusal is { } refusal ? report with { Refusal = refusal with { Message = ErrorText.Cut(refusal.Message) } }
        : report;

    /// <summary>A heartbeat; null where no agent would have said it.</summary>
    public static Heartbeat? Cut(Heartbeat beat) => IsWord(beat.Instance) ? beat : null;

    private static bool IsWord(string? word) => word is { Length: <= MaxWord };

    private static Inventory Cut(Inventory inventory) => inventory with
    {
        Hostname = Cut(inventory.Hostname),
        Architecture = Cut(inventory.Architecture),
        Model = Cut(inventory.Model),
        OperatingSystem = Cut(inventory.OperatingSystem),
        Kernel = Cut(inventory.Kernel),
        PodmanVersion = Cut(inventory.PodmanVersion),
    };

    private static string Cut(string text) => ErrorText.Cut(text, MaxText);
}
