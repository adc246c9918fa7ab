namespace Harmony.Fleet.Bench.Agent;

/// <summary>One way to build the agent, and what was measured of it.</summary>
internal sealed class Contender(string name, string path)
{
    private const double MiB = 1024 * 1024;

    private readonly List<TimeSpan> starts = [];
    private readonly List<Footprint> rest = [];

    public string Path => path;

    /// <summary>It was started, and had used that much until it was connected.</summary>
    public void Started(TimeSpan processor) => starts.Add(processor);

    /// <summary>Looks at it once a minute, and says what it sees.</summary>
    public async Task RestAsync(int process, int minutes)
    {
        using var minute = new PeriodicTimer(TimeSpan.FromMinutes(1));
        for (var passed = 0; passed <= minutes; passed++)
        {
            await minute.WaitForNextTickAsync(); // The first one is the time to come to rest.
            rest.Add(Footprint.Of(process));
            Console.Error.WriteLine($"{name}, minute {passed + 1}: {Memory(rest[^1])}, {rest[^1].Processor.TotalMilliseconds:F0} ms of processor time since its start");
        }
    }

    public override string ToString() => $"""
        {name}
          file                          {new FileInfo(path).Length,10:N0} bytes
          processor time to connected   {Median(starts.Select(start => start.TotalMilliseconds)),10:F1} ms   (of {starts.Count}: {starts.Min().TotalMilliseconds:F1} to {starts.Max().TotalMilliseconds:F1})
          idle: resident, private       {Memory(rest[^1])}, {rest[^1].Threads} threads   (after one minute {Memory(rest[0])})
          processor time an idle minute {Median(Minutes(seen => seen.Processor.TotalMilliseconds)),10:F1} ms   (of {rest.Count - 1}: {string.Join(' ', Minutes(seen => seen.Processor.TotalMilliseconds).Select(each => $"{each:F1}"))})
          wake-ups an idle minute       {Median(Minutes(seen => seen.WakeUps)),10:F0}
        """;

    private static string Memory(Footprint seen) => $"{seen.Resident / MiB:F1} MiB, {seen.Private / MiB:F1} MiB";

    private IEnumerable<double> Minutes(Func<Footprint, double> of) => rest.Zip(rest.Skip(1), (before, after) => of(after) - of(before));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
