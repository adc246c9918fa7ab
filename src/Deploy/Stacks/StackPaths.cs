namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>What is where in a data folder.</summary>
public static class StackPaths
{
    /// <summary>Tells that the folder is a fleet's: <see cref="StackMark"/>. Kept.</summary>
    public const string Mark = ".harmony-fleet";

    /// <summary>How clients reach the stack: <see cref="StackFile"/>. There while it is up.</summary>
    public const string Endpoint = "run/stack.json";

    /// <summary>How far the stack is: <see cref="StackState"/>.</summary>
    public const string State = "run/state.json";

    /// <summary>There from the moment on that somebody wants the stack to end at once.</summary>
    public const string Hurry = "run/hurry";

    /// <summary>Held by the process that runs the stack.</summary>
    public const string Lock = "run/lock";

    /// <summary>Held by whoever starts the stack in the background, until it stands.</summary>
    public const string StartLock = "run/start.lock";

    /// <summary>What should stand: <see cref="StackWish"/>. Kept.</summary>
    public const string Wish = "fleet.json";

    /// <summary>What a detached stack says.</summary>
    public const string Log = "logs/fleet.log";

    /// <summary>The devices' folders.</summary>
    public const string Devices = "devices";

    /// <summary>What the operator keeps: its store.</summary>
    public const string OperatorData = "operator/data";

    /// <summary>The store itself.</summary>
    public const string OperatorStore = OperatorData + "/fleet.db";

    /// <summary>What NATS keeps.</summary>
    public const string Nats = "nats";

    /// <summary>What NATS kept when it had another number of servers.</summary>
    public const string NatsBefore = "nats/before";

    /// <summary>What a restore has unpacked, until it counts.</summary>
    public const string Restored = "restore";

    /// <summary>Everything that a stack makes in its data folder. The mark is the last to go: a removal that was interrupted can go on.</summary>
    internal static readonly string[] All = ["devices", "keys", "logs", Nats, "operator", Restored, "run", Wish, Machines.LocalPorts.FileName, Mark];
}
