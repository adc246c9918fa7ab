using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Operator.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Tests.Operator.Telemetry;

/// <summary>Who is told: nobody, Prometheus, a collector.</summary>
public sealed class TelemetryListenersTests
{
    [Fact]
    public async Task Metrics_WhereNothingIsConfigured_AreNotThere()
    {
        await using var fleet = await OperatorUnderTest.StartAsync();

        (await fleet.SendAsync(HttpMethod.Get, "/metrics")).Code.ShouldBe(404);
    }

    [Fact]
    public async Task Metrics_WithoutTheToken_Are401()
    {
        await using var fleet = await OperatorUnderTest.StartAsync(telemetry: new TelemetryOptions { Prometheus = true });
        using var client = fleet.NewClient();
        using var answer = await client.GetAsync("/metrics", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Metrics_WithTheToken_TellRequestsOfTheApiAndTheProcess()
    {
        await using var fleet = await OperatorUnderTest.StartAsync(telemetry: new TelemetryOptions { Prometheus = true });
        fleet.Services.GetRequiredService<FleetMeter>().StoreTime.Record(0.5, new("operation", "get"), new("kind", "Device"), new("outcome", "Ok"));
        for (var i = 0; i < 3; i++)
        {
            await fleet.SendAsync(HttpMethod.Get, "/api/v1/devices");
        }

        var text = await fleet.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Value(text, "http_server_request_duration_seconds_count", "http_route=\"/api/v1/devices\"").ShouldBe(3);
        Value(text, "fleet_store_request_duration_seconds_sum", "kind=\"Device\"").ShouldBe(0.5);
        Value(text, "dotnet_process_memory_working_set_bytes", string.Empty).ShouldBeGreaterThan(10_000_000);
    }

    [Fact]
    public async Task Collector_IsSentMetricsAndTraces()
    {
        var (listener, address) = Listen();
        using var collector = listener;
        var bodies = new Dictionary<string, string>(StringComparer.Ordinal);
        var serving = ServeAsync(collector, bodies);
        await using (var fleet = await OperatorUnderTest.StartAsync(telemetry: new TelemetryOptions { OtlpEndpoint = address, OtlpOverHttp = true }))
        {
            fleet.Services.GetRequiredService<FleetMeter>().TurnTime.Record(0.01);
            await fleet.SendAsync(HttpMethod.Get, "/api/v1/devices");
        }

        // What is left is sent at the end.
        await Eventually.HoldsAsync(
            () =>
            {
                lock (bodies)
                {
                    return bodies.GetValueOrDefault("/v1/metrics", string.Empty).Contains("fleet.loop.turn.duration", StringComparison.Ordinal)
                        && bodies.GetValueOrDefault("/v1/traces", string.Empty).Contains("/api/v1/devices", StringComparison.Ordinal);
                }
            },
            "the collector has both");
        collector.Stop();
        await serving;
    }

    private static async Task ServeAsync(HttpListener listener, Dictionary<string, string> bodies)
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream, Encoding.Latin1);
            var body = await reader.ReadToEndAsync();
            lock (bodies)
            {
                bodies[context.Request.Url!.AbsolutePath] = bodies.GetValueOrDefault(context.Request.Url.AbsolutePath, string.Empty) + body;
            }

            context.Response.StatusCode = 200;
            context.Response.Close();
        }
    }

    private static (HttpListener Listener, Uri Address) Listen()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        var listener = new HttpListener();
        listener.Prefixes.Add(address.AbsoluteUri);
        listener.Start();
        return (listener, address);
    }

    private static double Value(string text, string name, string label) => text.Split('\n')
        .Where(line => Regex.IsMatch(line, $"^{name}[ {{]", RegexOptions.None, TimeSpan.FromSeconds(1)) && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture));
}
