using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Harmony.Fleet.Bench.Load;
using Harmony.Fleet.LoadTest.Measuring;

namespace Harmony.Fleet.Bench.Floods;

/// <summary>What normal devices and users of the API notice for a while, and what operator, nats-server and logs need meanwhile.</summary>
internal sealed record Window(double[] Lags, double[] Answers, double OperatorMiB, double NatsMiB, double OperatorCpu, double NatsCpu, long LogBytes, long StoreWrites)
{
    public double LagP99 => Percentile.Of(Lags, 0.99);

    public double AnswerP99 => Percentile.Of(Answers, 0.99);

    /// <summary>Measures until <paramref name="span"/> is over, with something beside it that ends when it does.</summary>
    public static async Task<Window> MeasureAsync(LoadedStack stack, TimeSpan span, Func<CancellationToken, Task> beside)
    {
        using var api = new HttpClient { BaseAddress = stack.Reached.Api };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stack.Reached.Token);
        using var over = new CancellationTokenSource(span);
        var (control, nats, probe, answers) = (new ProcessMeter(stack.Reached.Operator), new ProcessMeter(stack.Reached.Nats), stack.Probe(), new List<double>());
        var (logs, writes) = (BytesOfLogs(stack), await StoreWritesAsync(api));
        await Task.WhenAll(
            Task.Run(() => probe.RunAsync(over.Token), CancellationToken.None),
            Task.Run(() => beside(over.Token), CancellationToken.None),
            AskAsync(api, answers, over.Token),
            LookAsync([control, nats], over.Token));
        var (controlCpu, natsCpu) = (control.Cpu, nats.Cpu);
        writes = await StoreWritesAsync(api) - writes;
        return new Window(probe.Lags, [.. answers], control.MostMiB, nats.MostMiB, controlCpu, natsCpu, BytesOfLogs(stack) - logs, writes);
    }

    /// <summary>All logs of the control plane, those put aside included.</summary>
    public static long BytesOfLogs(LoadedStack stack) =>
        Directory.EnumerateFiles(stack.Folder, "*.log*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    public void Print(string name) => Console.WriteLine(
        $"{name,-10} lag p50 {Percentile.Of(Lags, 0.5):F0} ms, p99 {LagP99:F0} ms ({Lags.Length}); API p50 {Percentile.Of(Answers, 0.5):F1} ms, p99 {AnswerP99:F1} ms ({Answers.Length}); "
        + $"operator {OperatorMiB:F0} MiB, {OperatorCpu:F1} s; nats-server {NatsMiB:F0} MiB, {NatsCpu:F1} s; logs +{LogBytes / 1024.0:F0} KiB; {StoreWrites} store writes");

    /// <summary>Prints what became of what was there before.</summary>
    public void PrintBeside(Window quiet) => Console.WriteLine(
        $"others' p99: lag {LagP99 / quiet.LagP99:F2} x, API {AnswerP99 / quiet.AnswerP99:F2} x (<= 2); all logs +{LogBytes / 1024.0:F0} KiB (<= 1024); "
        + $"operator +{OperatorMiB - quiet.OperatorMiB:F0} MiB, nats-server +{NatsMiB - quiet.NatsMiB:F0} MiB (<= 100)");

    private static async Task AskAsync(HttpClient api, List<double> answers, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await api.GetAsync(new Uri("/api/v1/devices?limit=10", UriKind.Relative), CancellationToken.None);
            answer.EnsureSuccessStatusCode();
            answers.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await Task.Delay(10, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task LookAsync(ProcessMeter[] processes, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            Array.ForEach(processes, process => process.Look());
            await Task.Delay(100, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Writes to the resource store, as the operator counts them.</summary>
    private static async Task<long> StoreWritesAsync(HttpClient api) => (await api.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n')
        .Where(line => line.StartsWith("fleet_store_request_duration_seconds_count{", StringComparison.Ordinal) && IsWrite(line))
        .Sum(line => long.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture));

    private static bool IsWrite(string line) => new[] { "create", "update", "patch" }.Any(write => line.Contains($"\"{write}", StringComparison.Ordinal));
}
