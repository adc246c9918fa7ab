namespace Harmony.Fleet.Operator.Sessions;

/// <summary>What became of a command.</summary>
/// <typeparam name="T">The answer's type.</typeparam>
internal abstract record CommandOutcome<T>
{
    private CommandOutcome()
    {
    }

    /// <summary>The same, with the answer made into something else.</summary>
    public CommandOutcome<TOther> Then<TOther>(Func<T, CommandOutcome<TOther>> answered) => this switch
    {
        Answered answer => answered(answer.Value),
        DeviceUnreachable away => new CommandOutcome<TOther>.DeviceUnreachable(away.Reason),
        Failed failed => new CommandOutcome<TOther>.Failed(failed.Reason),
        _ => throw new InvalidOperationException($"The outcome {this} is not handled."),
    };

    /// <summary>The device answered, and it was the device.</summary>
    /// <param name="Value">Its answer.</param>
    public sealed record Answered(T Value) : CommandOutcome<T>;

    /// <summary>No answer in time, no way to send, or a device that never said hello.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record DeviceUnreachable(string Reason) : CommandOutcome<T>;

    /// <summary>The device answered that it cannot.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Failed(string Reason) : CommandOutcome<T>;
}
