using Harmony.Fleet.Bench.Load;

namespace Harmony.Fleet.Bench.Floods;

/// <summary>Somebody without a token and without a key who knocks at the API and at NATS as fast as it goes, while those with both go on.</summary>
internal static class StrangerFlood
{
    /// <summary>Prints what others notice.</summary>
    public static async Task<int> MeasureAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        await using var stack = await LoadedStack.StartAsync(64, 40, [], cancellationToken);
        await Window.MeasureAsync(stack, TimeSpan.FromSeconds(5), _ => Task.CompletedTask);
        var quiet = await Window.MeasureAsync(stack, TimeSpan.FromSeconds(20), _ => Task.CompletedTask);
        quiet.Print("without");
        var strangers = new Strangers(stack.Reached.Api, new Uri(stack.Reached.NatsUrl));
        var before = Window.BytesOfLogs(stack);
        var flood = await Window.MeasureAsync(stack, span, strangers.KnockAsync);
        flood.Print("meanwhile");
        await Task.Delay(TimeSpan.FromSeconds(12), cancellationToken); // What was kept back is written too.
        flood = flood with { LogBytes = Window.BytesOfLogs(stack) - before };
        Console.WriteLine($"refused: {strangers.Requests:N0} requests, {strangers.Logins:N0} logins in {span.TotalSeconds:F0} s");
        flood.PrintBeside(quiet);
        var wrong = await stack.ConvergeAsync(cancellationToken);
        Console.WriteLine($"{wrong} wrong aggregates");
        return wrong == 0 ? 0 : 1;
    }
}
