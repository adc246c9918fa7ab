using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>The small documents of a data folder.</summary>
internal sealed class StackFiles(LocalFiles files)
{
    /// <summary>The file that says what should stand.</summary>
    public string WishPath => files.PathOf(StackPaths.Wish);

    /// <summary>What should stand; null where the folder was never set up.</summary>
    public async Task<Outcome<StackWish?>> WishAsync(CancellationToken cancellationToken)
    {
        var bytes = await files.ReadAsync(StackPaths.Wish, cancellationToken);
        return bytes.IsOk ? StackWishReader.Read(bytes.Value.Span, WishPath) : bytes.Fault;
    }

    /// <summary>What the stack says of itself; null where it says nothing.</summary>
    public Task<Outcome<StackState?>> StateAsync(CancellationToken cancellationToken) => ReadAsync(StackPaths.State, StackJson.Default.StackState, cancellationToken);

    /// <summary>How clients reach the stack; null where it is not up.</summary>
    public Task<Outcome<StackFile?>> EndpointAsync(CancellationToken cancellationToken) => ReadAsync(StackPaths.Endpoint, StackJson.Default.StackFile, cancellationToken);

    /// <summary>Wishes.</summary>
    public Task<Fault?> WriteAsync(StackWish wish, CancellationToken cancellationToken) =>
        files.WriteAsync(StackPaths.Wish, JsonSerializer.SerializeToUtf8Bytes(wish, StackJson.Default.StackWish), cancellationToken);

    /// <summary>Says how far the stack is.</summary>
    public Task<Fault?> WriteAsync(StackState state, CancellationToken cancellationToken) =>
        files.WriteAsync(StackPaths.State, JsonSerializer.SerializeToUtf8Bytes(state, StackJson.Default.StackState), cancellationToken);

    /// <summary>Lets clients in.</summary>
    public Task<Fault?> WriteAsync(StackFile endpoint, CancellationToken cancellationToken) =>
        files.WriteAsync(StackPaths.Endpoint, JsonSerializer.SerializeToUtf8Bytes(endpoint, StackJson.Default.StackFile), cancellationToken);

    /// <summary>Whether somebody wants the stack to end at once.</summary>
    public bool IsHurried => File.Exists(files.PathOf(StackPaths.Hurry));

    /// <summary>Wants the stack to end at once.</summary>
    public Task<Fault?> HurryAsync(CancellationToken cancellationToken) => files.WriteAsync(StackPaths.Hurry, ReadOnlyMemory<byte>.Empty, cancellationToken);

    /// <summary>Removes what tells of a running stack.</summary>
    public void Clear()
    {
        File.Delete(files.PathOf(StackPaths.Endpoint));
        File.Delete(files.PathOf(StackPaths.State));
        File.Delete(files.PathOf(StackPaths.Hurry));
    }

    private async Task<Outcome<T?>> ReadAsync<T>(string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var bytes = await files.ReadAsync(name, cancellationToken);
        if (!bytes.IsOk)
        {
            return bytes.Fault;
        }

        try
        {
            return Outcome.Of<T?>(bytes.Value.IsEmpty ? null : JsonSerializer.Deserialize(bytes.Value.Span, type));
        }
        catch (JsonException)
        {
            return Fault.Permanent($"{files.PathOf(name)} is damaged", "move it away: the next fleet up makes it anew");
        }
    }
}
