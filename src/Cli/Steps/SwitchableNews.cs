using Harmony.Fleet.Deploy.Outcomes;

namespace Harmony.Fleet.Cli.Steps;

/// <summary>News of something that outlives the screen that shows its steps.</summary>
internal sealed class SwitchableNews(IProgress<DeployNews> usual) : IProgress<DeployNews>
{
    private IProgress<DeployNews>? screen;

    /// <summary>These news, which go to <paramref name="shown"/> from now on.</summary>
    public SwitchableNews While(IProgress<DeployNews> shown)
    {
        Volatile.Write(ref screen, shown);
        return this;
    }

    /// <summary>The screen is closed: they go where they usually do.</summary>
    public void Settle() => Volatile.Write(ref screen, null);

    /// <inheritdoc/>
    public void Report(DeployNews value) => (Volatile.Read(ref screen) ?? usual).Report(value);
}
