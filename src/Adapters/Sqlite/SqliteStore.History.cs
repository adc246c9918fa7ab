using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Adapters.Sqlite;

public sealed partial class SqliteStore : IStoreHistory
{
    /// <inheritdoc/>
    public LostWrites? Lost => lost;

    /// <inheritdoc/>
    public string? WriteProblem => writer.Problem;

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken) => writer.WriteAsync(
        session =>
        {
            session.Probe();
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> AcknowledgeLostAsync(CancellationToken cancellationToken)
    {
        var written = await writer.WriteAsync(
            session =>
            {
                session.AcknowledgeLost();
                return true;
            },
            cancellationToken);
        lost = written.Failure is null ? null : lost;
        return written.Failure;
    }
}
