using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Operator.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Harmony.Fleet.Operator.Api;

/// <summary>
/// How many connections are open at once: whoever opens more, with a token or without, must not take the operator's memory. A few beyond that are taken for a short while, and told of the
/// operator's health alone, so that a probe does not count it as dead; all others are closed at once, and counted.
/// </summary>
internal sealed partial class ConnectionGate(OperatorOptions options, FleetMeter meter, TimeProvider clock, ILogger<ConnectionGate> logger)
{
    /// <summary>How many are taken beyond the most.</summary>
    public const int Spare = 16;

    /// <summary>How long one of those may last.</summary>
    public static readonly TimeSpan SpareLimit = TimeSpan.FromSeconds(5);

    /// <summary>How often it is told of.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(1);

    private readonly Lock sync = new();
    private long? told;
    private int untold;
    private int open;

    /// <summary>How many are open now, with those that are just being closed.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>Has <paramref name="listener"/>'s connections pass here.</summary>
    public void Guard(ListenOptions listener) => listener.Use(next => connection => RunAsync(connection, next));

    /// <summary>Takes a connection, or not.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            switch (Interlocked.Increment(ref open) - options.MaxConnections)
            {
                case <= 0:
                    await next(connection);
                    break;
                case <= Spare:
                    connection.Features.Set(new SpareConnection());
                    await using (clock.CreateTimer(_ => connection.Abort(new ConnectionAbortedException("It was a spare one.")), null, SpareLimit, Timeout.InfiniteTimeSpan))
                    {
                        await next(connection);
                    }

                    break;
                default:
                    Refuse();
                    break;
            }
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }

    private void Refuse()
    {
        meter.RefusedConnections.Add(1);
        lock (sync)
        {
            untold++;
            if (told is { } last && clock.GetElapsedTime(last) < Span)
            {
                return;
            }

            LogRefused(options.MaxConnections, untold);
            (told, untold) = (clock.GetTimestamp(), 0);
        }
    }

    [LoggerMessage(2504, LogLevel.Warning, "{Most} connections to the API are open, which is the most (maxConnections): {Count} more were closed since this was told last")]
    private partial void LogRefused(int most, int count);
}

/// <summary>Says of a connection that it is one beyond the most.</summary>
internal sealed record SpareConnection;

/// <summary>Answers nothing on a spare connection but how the operator is, once.</summary>
/// <param name="next">The rest.</param>
/// <param name="options">How many connections there may be.</param>
internal sealed class SpareConnectionGuard(RequestDelegate next, OperatorOptions options)
{
    /// <summary>Answers one request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<SpareConnection>() is null)
        {
            return next(context);
        }

        context.Response.Headers.Connection = "close";
        return context.Request.Path.Value is HealthEndpoints.Live or HealthEndpoints.Ready
            ? next(context)
            : ApiResults.WriteAsync(context, ApiFailure.Unavailable($"As many connections to the operator are open as it takes ({options.MaxConnections}): try again when some are closed."));
    }
}
