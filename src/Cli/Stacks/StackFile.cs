namespace Harmony.Fleet.Cli.Stacks;

/// <summary>The file <c>run/stack.json</c> of a data folder: how clients on this machine reach the stack that runs from it.</summary>
internal sealed record StackFile
{
    /// <summary>The operator's API: <c>http://127.0.0.1:PORT</c> or <c>unix:/path</c>.</summary>
    public string? Server { get; init; }

    /// <summary>The file that holds the API's token.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The bus.</summary>
    public string? NatsUrl { get; init; }

    /// <summary>Its path in the data folder <paramref name="data"/>.</summary>
    public static string PathIn(string data) => Path.Combine(data, "run", "stack.json");
}
