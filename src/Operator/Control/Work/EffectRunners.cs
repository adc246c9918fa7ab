using System.Threading.Channels;

namespace Harmony.Fleet.Operator.Control.Work;

/// <summary>One runner for the bus and one for the store, so that neither waits for the other's answers.</summary>
internal sealed class EffectRunners
{
    private readonly Channel<Action> results;

    public EffectRunners(ControlOptions options, ILogger<WorkRunner> logger)
    {
        results = Channel.CreateBounded<Action>(options.BusWrites + options.StoreWrites);
        Bus = new(options.BusWrites, results.Writer, logger);
        Store = new(options.StoreWrites, results.Writer, logger);
    }

    /// <summary>Writes to the bus.</summary>
    public WorkRunner Bus { get; }

    /// <summary>Writes to the store.</summary>
    public WorkRunner Store { get; }

    /// <summary>Runs what effects brought back.</summary>
    public void RunResults()
    {
        while (results.Reader.TryRead(out var result))
        {
            result();
        }
    }

    /// <summary>Ends when an effect has brought something back.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await results.Reader.WaitToReadAsync(cancellationToken);
}
