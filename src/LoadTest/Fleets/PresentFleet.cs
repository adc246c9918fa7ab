using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.LoadTest.Fleets;

/// <summary>A fleet of this machine that runs already. Its keys are read from its data folder.</summary>
internal static class PresentFleet
{
    /// <summary>The fleet of a data folder.</summary>
    public static async Task<Outcome<LoadedFleet>> FindAsync(string dataFolder, TimeProvider time, CancellationToken cancellationToken)
    {
        var control = new StackControl(dataFolder, time);
        var (state, endpoint) = (await control.StateAsync(cancellationToken), await control.EndpointAsync(cancellationToken));
        if (!state.IsOk)
        {
            return state.Fault;
        }

        if (state.Value is not { Phase: StackPhase.Ready } || endpoint.Value is not { Server: { } server, NatsUrl: { } nats, TokenFile: { } token })
        {
            return Fault.Unreachable($"no fleet runs from {dataFolder}", "start it with fleet up, or leave --present out");
        }

        try
        {
            string Read(string name) => File.ReadAllText(Path.Combine(dataFolder, name)).Trim();
            return new LoadedFleet(
                new Uri(server), File.ReadAllText(token).Trim(), nats, Read(KeyPaths.OperatorSeed), MasterKey.Parse(Read(KeyPaths.Master)), LoadedFleet.OperatorOf(state.Value.Parts), LoadedFleet.NatsOf(state.Value.Parts));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
        {
            return Fault.Permanent($"the keys of the fleet in {dataFolder} cannot be read: {unreadable.Message}");
        }
    }
}
