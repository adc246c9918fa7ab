namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>What became of a request to JetStream.</summary>
/// <typeparam name="T">What it answers with.</typeparam>
public abstract record ApiOutcome<T>
{
    private ApiOutcome()
    {
    }

    /// <summary>Done.</summary>
    /// <param name="Value">The answer.</param>
    public sealed record Ok(T Value) : ApiOutcome<T>;

    /// <summary>The server refused.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Refused(ApiError Error) : ApiOutcome<T>;

    /// <summary>No answer, or none that can be understood. It may have been done.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Unavailable(string Reason) : ApiOutcome<T>;
}
