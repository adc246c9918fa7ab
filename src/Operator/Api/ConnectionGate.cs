using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Operator.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Harmony.Fleet.Operator.Api;

/// <summary>
/// How many connections are open at once: whoever opens more, with a token or without, must not take the operator's memory, nor keep those out who have the token. A connection on which
/// it is not presented lasts a short while, and where all places are taken the oldest such one makes room. A few are taken beyond that, and told of the operator's health alone, so that a
/// probe does not count it as dead.
/// </summary>
internal sealed partial class ConnectionGate(OperatorOptions options, FleetMeter meter, TimeProvider clock, ILogger<ConnectionGate> logger)
{
    /// <summary>How many are taken beyond the most.</summary>
    public const int Spare = 16;

    /// <summary>So many may be about to be closed: where that takes long no other is closed for a newcomer, which is closed itself.</summary>
    public const int MostEnding = 64;

    /// <summary>How long one of those beyond the most may last.</summary>
    public static readonly TimeSpan SpareLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long one may last on which no token is presented.</summary>
    public static readonly TimeSpan StrangerLimit = TimeSpan.FromSeconds(10);

    /// <summary>How often it is told of.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(1);

    private readonly Lock sync = new();
    private readonly LinkedList<GatedConnection> strangers = [];
    private readonly LinkedList<GatedConnection> spares = [];
    private int known;
    private int ending;
    private long? told;
    private int untold;

    /// <summary>How many are open now, without those that are just being closed.</summary>
    public int Open
    {
        get
        {
            lock (sync)
            {
                return known + strangers.Count + spares.Count;
            }
        }
    }

    /// <summary>Has <paramref name="listener"/>'s connections pass here.</summary>
    public void Guard(ListenOptions listener) => listener.Use(next => connection => RunAsync(connection, next));

    /// <summary>Takes a connection, or not.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var (taken, shed) = Enter(connection);
        if (taken is null || shed is not null)
        {
            CountRefused();
        }

        shed?.Abort("Another one needed its place.");
        if (taken is null)
        {
            return;
        }

        connection.Features.Set(taken);
        try
        {
            await using (taken.End(clock, taken.IsSpare ? SpareLimit : StrangerLimit, EndInTime))
            {
                await next(connection);
            }
        }
        finally
        {
            Leave(taken);
        }
    }

    /// <summary>The token was presented on <paramref name="connection"/>: it stays as long as its caller wants.</summary>
    public void IsKnown(GatedConnection connection)
    {
        lock (sync)
        {
            if (connection.Place is { } place && place.List == strangers)
            {
                strangers.Remove(place);
                (connection.Place, connection.IsKnown) = (null, true);
                known++;
            }
        }
    }

    /// <summary>One was closed, or answered with 503, because there was no place for it.</summary>
    public void CountRefused()
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

    /// <summary>Finds a place.</summary>
    /// <returns>The connection; null where it is not taken. And the one that makes room for it, if any.</returns>
    private (GatedConnection? Taken, GatedConnection? Shed) Enter(ConnectionContext connection)
    {
        lock (sync)
        {
            var isFull = known + strangers.Count >= options.MaxConnections;
            var isSpare = isFull && strangers.Count == 0;
            var places = isSpare ? spares : strangers;
            var shed = (isSpare ? spares.Count >= Spare : isFull) ? places.First!.Value : null;
            if (shed is not null && !TryEnd(shed))
            {
                return (null, null);
            }

            var taken = new GatedConnection(connection, isSpare);
            taken.Place = places.AddLast(taken);
            return (taken, shed);
        }
    }

    private void EndInTime(GatedConnection connection)
    {
        lock (sync)
        {
            if (connection.Place is null)
            {
                return; // The token came just now, or another one has its place.
            }

            Unplace(connection);
        }

        connection.Abort(connection.IsSpare ? "It was a spare one." : "No token was presented.");
    }

    private bool TryEnd(GatedConnection connection)
    {
        if (ending >= MostEnding)
        {
            return false;
        }

        Unplace(connection);
        return true;
    }

    private void Unplace(GatedConnection connection)
    {
        connection.Place!.List!.Remove(connection.Place);
        connection.Place = null;
        ending++;
    }

    private void Leave(GatedConnection connection)
    {
        lock (sync)
        {
            if (connection.Place is { } place)
            {
                place.List!.Remove(place);
                connection.Place = null;
            }
            else if (connection.IsKnown)
            {
                known--;
            }
            else
            {
                ending--;
            }
        }
    }

    [LoggerMessage(2504, LogLevel.Warning, "{Most} connections to the API are open, which is the most (maxConnections): {Count} were closed since this was told last, or answered with 503, for want of a place")]
    private partial void LogRefused(int most, int count);
}
