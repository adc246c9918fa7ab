using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Ports.Resources;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Harmony.Fleet.Operator.Api;

/// <summary>A copy of the store, made while it is in use. One at a time, until it was sent: each takes as much of the disk as the store.</summary>
/// <param name="backup">Makes it; null where this store cannot be copied.</param>
/// <param name="options">Where there is room for it.</param>
internal sealed class BackupEndpoint(IStoreBackup? backup, OperatorOptions options) : IDisposable
{
    private const string MediaType = "application/vnd.sqlite3";

    /// <summary>Whoever reads more slowly is broken off, so that nobody is kept from theirs for good.</summary>
    private static readonly MinDataRate Pace = new(bytesPerSecond: 64 * 1024, gracePeriod: TimeSpan.FromSeconds(10));

    private readonly SemaphoreSlim one = new(1);

    /// <summary>Adds the path.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/backup", (Delegate)AnswerAsync)
        .WithSummary("A copy of the store as of one moment: an SQLite database. One at a time, else 503").Produces<Stream>(200, MediaType).Fails(503);

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        if (backup is null)
        {
            return ApiResults.Failure(ApiFailure.Unavailable("This store cannot be copied."));
        }

        if (!await one.WaitAsync(TimeSpan.Zero, CancellationToken.None))
        {
            return ApiResults.Failure(ApiFailure.Unavailable("Another backup is being made or read: try again when it is done."));
        }

        try
        {
            var (copy, failure) = await CopyAsync(backup, context.RequestAborted);
            if (copy is null)
            {
                return ApiResults.Failure(failure!);
            }

            await using (copy)
            {
                await SendAsync(context, copy);
            }
        }
        finally
        {
            one.Release();
        }

        return Results.Empty;
    }

    private async Task<(FileStream? Copy, ApiFailure? Failure)> CopyAsync(IStoreBackup store, CancellationToken cancellationToken)
    {
        try
        {
            using var place = CopyPlace.Of(options.DataDirectory);
            return await store.CopyAsync(place.Path, cancellationToken) is { } problem
                ? (null, ApiFailure.Unavailable(problem))
                : (new FileStream(place.Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete), null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, ApiFailure.Unavailable($"The store cannot be copied: {error.Message}"));
        }
    }

    private static Task SendAsync(HttpContext context, FileStream copy)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = Pace;
        }

        return Results.Stream(copy, MediaType).ExecuteAsync(context);
    }
}
