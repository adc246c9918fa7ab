using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Api;

/// <summary>A copy of the store, made while it is in use.</summary>
/// <param name="backup">Makes it; null where this store cannot be copied.</param>
/// <param name="options">Where there is room for it.</param>
internal sealed class BackupEndpoint(IStoreBackup? backup, OperatorOptions options) : IDisposable
{
    private readonly SemaphoreSlim one = new(1);

    /// <summary>Adds the path.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/backup", (Delegate)((HttpContext context) => CopyAsync(context.RequestAborted)))
        .WithSummary("A copy of the store as of one moment: an SQLite database").Produces<Stream>(200, "application/vnd.sqlite3").Fails(503);

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();

    private async Task<IResult> CopyAsync(CancellationToken cancellationToken)
    {
        if (backup is null)
        {
            return ApiResults.Failure(ApiFailure.Unavailable("This store cannot be copied."));
        }

        await one.WaitAsync(cancellationToken);
        var path = Path.Combine(options.DataDirectory, "backup.db");
        try
        {
            // What a run left that was killed meanwhile.
            File.Delete(path);
            if (await backup.CopyAsync(path, cancellationToken) is { } problem)
            {
                return ApiResults.Failure(ApiFailure.Unavailable(problem));
            }

            // Its name goes at once, its bytes when they were sent.
            var copy = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return Results.Stream(copy, "application/vnd.sqlite3");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ApiResults.Failure(ApiFailure.Unavailable($"The store cannot be copied: {error.Message}"));
        }
        finally
        {
            File.Delete(path);
            one.Release();
        }
    }
}
