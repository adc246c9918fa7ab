namespace Harmony.Fleet.Deploy.Outcomes;

/// <summary>Makes attempts where the compiler does not do it by itself: values seen as an interface, or null.</summary>
internal static class Attempt
{
    /// <summary>It succeeded.</summary>
    public static Attempt<T> Done<T>(T value) => new(value, null);
}
