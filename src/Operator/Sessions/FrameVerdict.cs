using Harmony.Fleet.Contracts.Commands;

namespace Harmony.Fleet.Operator.Sessions;

/// <summary>What a message on a reply subject is.</summary>
internal abstract record FrameVerdict
{
    private FrameVerdict()
    {
    }

    /// <summary>The session's next frame.</summary>
    /// <param name="Frame">It.</param>
    public sealed record Next(ReplyFrame Frame) : FrameVerdict;

    /// <summary>Nothing of the device's, or nothing new.</summary>
    /// <param name="Reason">A part of a sentence, for the log.</param>
    public sealed record Ignored(string Reason) : FrameVerdict;

    /// <summary>The device's own, but frames before it are lost.</summary>
    /// <param name="Missing">How many.</param>
    public sealed record Gap(int Missing) : FrameVerdict;
}
