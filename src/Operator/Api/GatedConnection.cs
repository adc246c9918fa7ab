using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Operator.Telemetry;
using Microsoft.AspNetCore.Connections;

namespace Harmony.Fleet.Operator.Api;

/// <summary>A connection that was taken. What changes belongs to the <see cref="ConnectionGate"/>.</summary>
/// <param name="connection">The connection.</param>
/// <param name="isSpare">Whether it is one beyond the most.</param>
internal sealed class GatedConnection(ConnectionContext connection, bool isSpare)
{
    /// <summary>Whether it is one beyond the most.</summary>
    public bool IsSpare => isSpare;

    /// <summary>Whether the token was presented on it.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Where it stands among those that are closed when others come; null when it does not, or no longer.</summary>
    public LinkedListNode<GatedConnection>? Place { get; set; }

    /// <summary>Has <paramref name="end"/> called with it when <paramref name="limit"/> is over.</summary>
    /// <returns>Disposed, it is not called any more.</returns>
    public ITimer End(TimeProvider clock, TimeSpan limit, Action<GatedConnection> end) => clock.CreateTimer(_ => end(this), null, limit, Timeout.InfiniteTimeSpan);

    /// <summary>Closes it.</summary>
    public void Abort(string why) => connection.Abort(new ConnectionAbortedException(why));
}

/// <summary>Answers nothing on a spare connection but how the operator is, and what it measures, once.</summary>
/// <param name="next">The rest.</param>
/// <param name="gate">Counts the others.</param>
/// <param name="options">How many connections there may be.</param>
internal sealed class SpareConnectionGuard(RequestDelegate next, ConnectionGate gate, OperatorOptions options)
{
    /// <summary>Answers one request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<GatedConnection>() is not { IsSpare: true })
        {
            return next(context);
        }

        context.Response.Headers.Connection = "close";
        if (context.Request.Path.Value is HealthEndpoints.Live or HealthEndpoints.Ready or FleetMeter.ScrapePath)
        {
            return next(context);
        }

        gate.CountRefused();
        return ApiResults.WriteAsync(context, ApiFailure.Unavailable($"As many connections to the operator are open as it takes ({options.MaxConnections}): try again when some are closed."));
    }
}
