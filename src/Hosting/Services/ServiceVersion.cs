using System.Reflection;

namespace Harmony.Fleet.Hosting.Services;

/// <summary>The version of the product, which all of its programs share.</summary>
public static class ServiceVersion
{
    /// <summary>For example <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(ServiceVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
