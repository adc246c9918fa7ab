using Harmony.Fleet.Deploy.Outcomes;

namespace Harmony.Fleet.Cli.Steps;

/// <summary>Shows how work goes on, step by step, on stderr.</summary>
internal interface IStepScreen
{
    /// <summary>Does <paramref name="work"/>, which tells of its steps.</summary>
    Task<T> ShowAsync<T>(Func<IProgress<DeployNews>, Task<T>> work);
}
