using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Operator.Api;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Harmony.Fleet.Tests.Operator.Telemetry;

/// <summary>Who is told: nobody, Prometheus, a collector.</summary>
public sealed class TelemetryListenersTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Exporters_AreThoseThatAreConfigured_WhateverTheEnvironmentNames(bool hasPrometheus)
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        using var named = new EnvironmentValue("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://{collector.LocalEndpoint}");
        await using (var fleet = await OperatorUnderTest.StartAsync(telemetry: hasPrometheus ? new TelemetryOptions { Prometheus = true } : null))
        {
            fleet.Services.GetRequiredService<FleetMeter>().TurnTime.Record(0.01);
            await fleet.SendAsync(HttpMethod.Get, "/api/v1/devices");

            (fleet.Services.GetService<MeterProvider>() is not null).ShouldBe(hasPrometheus);
            fleet.Services.GetService<TracerProvider>().ShouldBeNull();
            using var metrics = await fleet.Client.GetAsync("/metrics", TestContext.Current.CancellationToken);
            metrics.StatusCode.ShouldBe(hasPrometheus ? HttpStatusCode.OK : HttpStatusCode.NotFound);
        }

        // An exporter sends what is left at the end, and would have called by now.
        collector.Pending().ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Collector_IsCalled_WhereOneIsConfigured(bool isHttp)
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var accepted = collector.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask();
        await using var fleet = await OperatorUnderTest.StartAsync(telemetry: new TelemetryOptions { OtlpEndpoint = new Uri($"http://{collector.LocalEndpoint}"), OtlpOverHttp = isHttp });
        fleet.Services.GetRequiredService<MeterProvider>().ShouldNotBeNull();
        fleet.Services.GetRequiredService<TracerProvider>().ShouldNotBeNull();
        (await fleet.SendAsync(HttpMethod.Get, "/metrics")).Code.ShouldBe(404);

        var stopping = fleet.StopAsync();
        (await accepted).Dispose();
        collector.Stop();
        await stopping;
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

    /// <summary>A variable of this process' environment, as it was again afterwards. Nothing else here reads it.</summary>
    private sealed class EnvironmentValue : IDisposable
    {
        private readonly string name;
        private readonly string? before;

        public EnvironmentValue(string name, string value)
        {
            (this.name, before) = (name, Environment.GetEnvironmentVariable(name));
            Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose() => Environment.SetEnvironmentVariable(name, before);
    }

    private static double Value(string text, string name, string label) => text.Split('\n')
        .Where(line => Regex.IsMatch(line, $"^{name}[ {{]", RegexOptions.None, TimeSpan.FromSeconds(1)) && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture));
}
