using System.Collections.Immutable;

namespace Harmony.Fleet.Hosting.SelfTests;

/// <summary>What a step of a self-test found.</summary>
public abstract record Finding(string Text)
{
    /// <summary>It is as it should be.</summary>
    /// <param name="Text">What is there.</param>
    public sealed record Right(string Text) : Finding(Text);

    /// <summary>The service runs, and yet somebody should look.</summary>
    /// <param name="Text">What is odd, and what to do; one sentence.</param>
    public sealed record Odd(string Text) : Finding(Text);

    /// <summary>The service cannot do its work.</summary>
    /// <param name="Text">What is wrong, and what to do; one sentence.</param>
    public sealed record Wrong(string Text) : Finding(Text);
}

/// <summary>A step of a self-test.</summary>
/// <param name="Subject">What it looks at, in one word.</param>
/// <param name="Look">Looks.</param>
public sealed record SelfTestStep(string Subject, Func<CancellationToken, Task<Finding>> Look)
{
    /// <summary>What it finds, where that is known without looking; null where it is not.</summary>
    public Finding? Found { get; private init; }

    /// <summary>A step that is not taken, for it would look at what the settings say, and they are wrong.</summary>
    public static SelfTestStep Untried(string subject) => Known(subject, new Finding.Odd("not looked at, for the settings are wrong."));

    /// <summary>A step that needs no looking.</summary>
    public static SelfTestStep Known(string subject, Finding finding) => new(subject, _ => Task.FromResult(finding)) { Found = finding };
}

/// <summary>Looks at everything that a service needs, and says a line on each.</summary>
/// <param name="say">Says a line.</param>
/// <param name="limit">How long each step may take: a self-test that hangs helps nobody.</param>
public sealed class SelfTest(Func<string, Task> say, TimeSpan limit)
{
    private const int SubjectWidth = 6;

    /// <summary>The limit of a step.</summary>
    public static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(10);

    /// <summary>The limit of each of its steps.</summary>
    public TimeSpan Limit => limit;

    /// <summary>Takes all steps at once, and tells of them in order.</summary>
    /// <returns>Whether nothing is wrong.</returns>
    public async Task<bool> RunAsync(ImmutableArray<SelfTestStep> steps, CancellationToken cancellationToken)
    {
        var findings = steps.Select(step => (step.Subject, Finding: LookAsync(step, cancellationToken))).ToArray();
        var isRight = true;
        foreach (var (subject, looking) in findings)
        {
            var finding = await looking;
            isRight &= finding is not Finding.Wrong;
            await say($"{Word(finding)}  {subject.PadRight(SubjectWidth)}  {finding.Text.ReplaceLineEndings(" ")}");
        }

        return isRight;
    }

    private static string Word(Finding finding) => finding switch
    {
        Finding.Right => "ok  ",
        Finding.Odd => "warn",
        _ => "FAIL",
    };

    private async Task<Finding> LookAsync(SelfTestStep step, CancellationToken cancellationToken)
    {
        if (step.Found is { } found)
        {
            return found;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ended.CancelAfter(limit);
        try
        {
            // Aside, for a disk or a name server may keep a thread; and not waited for beyond the limit, whatever it does.
            return await Task.Run(() => step.Look(ended.Token), CancellationToken.None).WaitAsync(ended.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Finding.Wrong($"there was no answer within {limit.TotalSeconds:0.#} s.");
        }
        catch (Exception bug) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever a step meets is what it found, and the other steps have their lines.
            return new Finding.Wrong($"it could not be looked at ({bug.GetType().Name}): {bug.Message}");
        }
    }
}
