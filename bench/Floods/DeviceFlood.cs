using System.Diagnostics;
using Harmony.Fleet.Bench.Load;

namespace Harmony.Fleet.Bench.Floods;

/// <summary>One hostile device among normal ones.</summary>
internal static class DeviceFlood
{
    /// <summary>Prints what others notice, and whether the last that it said is known in the end.</summary>
    public static async Task<int> MeasureAsync(TimeSpan span, int rate, int bytes, CancellationToken cancellationToken)
    {
        await using var stack = await LoadedStack.StartAsync(64, 40, [HostileDevice.Id], cancellationToken);
        await using var hostile = await HostileDevice.JoinAsync(stack, bytes, cancellationToken);
        using var own = new WriteCount(stack.Reached, "flood");
        await Window.MeasureAsync(stack, TimeSpan.FromSeconds(5), _ => Task.CompletedTask);
        var quiet = await Window.MeasureAsync(stack, TimeSpan.FromSeconds(Math.Min(30, span.TotalSeconds)), _ => Task.CompletedTask);
        quiet.Print("without");
        var before = own.Count;
        var flood = await Window.MeasureAsync(stack, span, over => hostile.FloodAsync(rate, over));
        var written = own.Count - before;
        flood.Print("meanwhile");
        Console.WriteLine($"{hostile.Sent:N0} documents of {bytes:N0} bytes in {span.TotalSeconds:F0} s ({hostile.Sent / span.TotalSeconds:N0}/s), {hostile.Held:N0} held up by the connection");
        flood.PrintBeside(quiet);
        Console.WriteLine($"store writes for the hostile device: {written} (<= {span.TotalSeconds:F0}): {own.Words}");
        var began = Stopwatch.GetTimestamp();
        await hostile.SayLastAsync(cancellationToken);
        var isKnown = await own.SeesAsync(HostileDevice.IsLast, TimeSpan.FromMinutes(2), cancellationToken);
        var wrong = await stack.ConvergeAsync(cancellationToken);
        Console.WriteLine($"the last that it said is {(isKnown ? $"known after {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s" : "NOT known after 2 minutes")}; {wrong} wrong aggregates of others");
        return isKnown && wrong == 0 ? 0 : 1;
    }
}
