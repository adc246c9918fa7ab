using System.Text;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Server;

/// <summary>The paths of the operator's API, relative to the server.</summary>
internal static class ApiPaths
{
    private const string Root = "api/v1";

    /// <summary>Whether the operator lives.</summary>
    public const string Health = "healthz";

    /// <summary>The buckets of the bus.</summary>
    public const string Buckets = $"{Root}/kv";

    /// <summary>A copy of the store.</summary>
    public const string Backup = $"{Root}/backup";

    /// <summary>What the store lost.</summary>
    public const string Recovery = $"{Root}/recovery";

    /// <summary>All resources of a kind in a namespace; in all namespaces where it is null.</summary>
    public static string Collection<T>(ResourceType<T> type, string? space)
        where T : class, IResource => type.Namespaced && space is not null ? $"{Root}/namespaces/{Escape(space)}/{type.Plural}" : $"{Root}/{type.Plural}";

    /// <summary>One resource.</summary>
    public static string Resource<T>(ResourceType<T> type, string? space, string name)
        where T : class, IResource => $"{Collection(type, space)}/{Escape(name)}";

    /// <summary>A device's <paramref name="verb"/>.</summary>
    public static string Device(string device, string verb) => $"{Root}/devices/{Escape(device)}/{verb}";

    /// <summary>A bucket, or a key of it.</summary>
    public static string Bucket(string bucket, string? key = null) => key is null ? $"{Buckets}/{Escape(bucket)}" : $"{Buckets}/{Escape(bucket)}/{Escape(key)}";

    /// <summary><paramref name="path"/> with those parameters that have a value.</summary>
    public static string With(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var text = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                text.Append(separator).Append(name).Append('=').Append(Escape(value));
                separator = '&';
            }
        }

        return text.ToString();
    }

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
