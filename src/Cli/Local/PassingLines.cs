using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Layout;
using Harmony.Fleet.Cli.Screens;

namespace Harmony.Fleet.Cli.Local;

/// <summary>A sentence about something that is waited for: on a terminal in its place, anew each second, and gone at the end; elsewhere a line now and then.</summary>
internal sealed class PassingLines(CliHost host)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly LiveLines live = new(host.Console);
    private DateTimeOffset next;
    private bool isShown;

    /// <summary>Shows what <paramref name="sentence"/> says, unless something was shown just now.</summary>
    public void Show(Func<DateTimeOffset, string> sentence)
    {
        lock (gate)
        {
            var now = host.Time.GetUtcNow();
            if (now < next)
            {
                return;
            }

            next = now + (host.Console.IsErrorTerminal ? Tick : Seldom);
            if (host.Console.IsErrorTerminal)
            {
                live.Draw([], [.. Prose.Wrap(sentence(now), live.Width, whole: host.Console.Whole)]);
                isShown = true;
            }
            else
            {
                host.Console.Say(sentence(now));
            }
        }
    }

    /// <summary>The next sentence is another one, and shown at once.</summary>
    public void Turn()
    {
        lock (gate)
        {
            next = default;
        }
    }

    /// <summary>Nothing is waited for any more.</summary>
    public void Clear()
    {
        lock (gate)
        {
            if (isShown)
            {
                live.End([]);
            }

            (isShown, next) = (false, default);
        }
    }
}
