namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>How clients on this machine reach a stack.</summary>
public sealed record StackFile
{
    /// <summary>The operator's API: <c>http://127.0.0.1:PORT</c>.</summary>
    public string? Server { get; init; }

    /// <summary>The file that holds the API's token.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The bus.</summary>
    public string? NatsUrl { get; init; }
}
