using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>Asks the user before something that is hard to undo.</summary>
internal static class Confirmation
{
    /// <summary>What to do where there is nobody to ask whether something is deleted.</summary>
    public const string OfDeletion = "say --yes to delete it without a question";

    /// <summary>There is no terminal.</summary>
    /// <param name="otherwise">What to do then: <c>say --yes to ...</c>.</param>
    public static Fault NobodyToAsk(string otherwise) => Fault.Invalid("there is no terminal to ask on", otherwise);

    /// <summary>Asks; null where the answer is yes.</summary>
    /// <param name="host">The program.</param>
    /// <param name="question">What is asked, as one sentence or more.</param>
    /// <param name="otherwise">What to do where there is nobody to ask: <c>say --yes to ...</c>.</param>
    /// <param name="refused">What is said where the answer is no.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Fault?> AskAsync(CliHost host, string question, string otherwise, string refused, CancellationToken cancellationToken)
    {
        if (!host.Console.IsInTerminal)
        {
            return NobodyToAsk(otherwise);
        }

        host.Console.Error.Write($"{question} [y/N] ");
        var answer = await host.Console.ReadLineAsync(cancellationToken);
        if (answer is null)
        {
            host.Console.EndLine();
        }

        return answer?.Trim().ToLowerInvariant() is "y" or "yes" ? null : Fault.Permanent(refused);
    }
}
