using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.EndToEnd.Fleet;

/// <summary>The web deployment that the scenarios apply, and its page.</summary>
public static class Web
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>A deployment of the web image on every device of the fleet.</summary>
    public static Deployment Deployment(string name, int version, int hostPort) => new()
    {
        Metadata = new() { Name = name, Namespace = "default" },
        Spec = new()
        {
            TargetSelector = new() { MatchLabels = ImmutableSortedDictionary<string, string>.Empty.Add("group", "local") },
            Score = new()
            {
                PodmanV0 = new()
                {
                    Containers =
                    [
                        new()
                        {
                            Name = "web",
                            Image = HelloWebImage.Reference(version),
                            Ports = [new() { Port = HelloWebImage.Port, HostPort = hostPort }],
                        },
                    ],
                    TerminationGracePeriodSeconds = 2,
                },
            },
        },
    };

    /// <summary>The same with another container.</summary>
    public static Deployment With(this Deployment deployment, Func<Container, Container> change) => deployment with
    {
        Spec = deployment.Spec with
        {
            Score = new() { PodmanV0 = deployment.Spec.Score.PodmanV0! with { Containers = [change(deployment.Spec.Score.PodmanV0!.Containers[0])] } },
        },
    };

    /// <summary>Waits until the page on <paramref name="hostPort"/> contains <paramref name="text"/>.</summary>
    public static Task ShowsAsync(int hostPort, string text) =>
        Eventually.HoldsAsync(async () => (await PageAsync(hostPort))?.Contains(text, StringComparison.Ordinal) == true, $"the page on {hostPort} shows '{text}'");

    /// <summary>Whether nobody answers on <paramref name="hostPort"/>.</summary>
    public static async Task<bool> IsGoneAsync(int hostPort) => await PageAsync(hostPort) is null;

    private static async Task<string?> PageAsync(int hostPort)
    {
        try
        {
            return await Http.GetStringAsync(new Uri($"http://127.0.0.1:{hostPort}/"), TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
