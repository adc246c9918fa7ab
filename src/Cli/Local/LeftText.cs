using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Local;

/// <summary>What a fleet left running that was killed, in words.</summary>
internal static class LeftText
{
    private const int Shown = 5;

    /// <summary><c>operator (process 12), container web (process 14) and 3 more</c>.</summary>
    public static string Of(ImmutableArray<LeftProcess> left)
    {
        var names = left.OrderBy(process => process.IsContainer).ThenBy(process => process.Name, NaturalOrder.Names).Take(Shown).Select(Name);
        return string.Join(", ", names) + (left.Length > Shown ? $" and {left.Length - Shown} more" : string.Empty);
    }

    private static string Name(LeftProcess process) => $"{(process.IsContainer ? "container " : string.Empty)}{process.Name} (process {process.Process.Pid})";
}
