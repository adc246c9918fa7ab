using System.Collections.Immutable;
using System.Threading.Channels;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Control.Informers;

/// <summary>Tells the engine of the world: the resources and the link at once, the buckets when they are there.</summary>
internal sealed class FleetInformers(
    IResourceStore store, IBus bus, DocumentReader reader, FleetMeter meter, LogGate gate, InformerCheck check, ControlOptions options, TimeProvider time, RandomSource random, ILoggerFactory loggers)
{
    private readonly TaskCompletionSource bucketsAreThere = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<BucketInformer> buckets = [];

    /// <summary>The buckets are there: they can be watched.</summary>
    public void WatchBuckets() => bucketsAreThere.TrySetResult();

    /// <summary>All that these buckets hold is read again at once.</summary>
    public void ReadBuckets(IReadOnlyCollection<string> names)
    {
        foreach (var informer in buckets.Where(informer => names.Contains(informer.Name)))
        {
            informer.ReadAll();
        }
    }

    /// <summary>What <paramref name="device"/> says is told again when all is read the next time, also where it is the same.</summary>
    public void ReadAgain(DeviceId device)
    {
        foreach (var informer in buckets)
        {
            informer.ReadAgain(device);
        }
    }

    /// <summary>Begins.</summary>
    /// <param name="events">Where to.</param>
    /// <param name="answers">How many answers to writes of Devices the engine has heard.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Ends when the first informer does, which it should only when cancelled.</returns>
    public Task Start(ChannelWriter<FleetEvent> events, Func<long> answers, CancellationToken cancellationToken)
    {
        string[] parts = ["the watch of the link to NATS", "the list and the watch of deployments", "the list and the watch of devices"];
        var states = check.Begin([.. parts]);
        var deployments = new ResourceInformer<Deployment>(
            store,
            ResourceTypes.Deployments,
            new(
                (all, unreadable, _) => new FleetEvent.DeploymentsListed([.. all.Select(key => (key.Namespace, key.Name))], [.. unreadable.Select(key => (key.Namespace, key.Name))]),
                resource => new FleetEvent.DeploymentSeen(resource),
                resource => new FleetEvent.DeploymentGone(resource)),
            () => 0,
            states[1],
            events,
            options,
            time,
            random.Next(),
            loggers.CreateLogger("Harmony.Fleet.Operator.Control.Informers.Deployments"));
        var devices = new ResourceInformer<Device>(
            store,
            ResourceTypes.Devices,
            new(
                (all, unreadable, began) => new FleetEvent.DevicesListed([.. all.Select(key => key.Name)], [.. unreadable.Select(key => key.Name)], began),
                resource => new FleetEvent.DeviceSeen(resource),
                resource => new FleetEvent.DeviceGone(resource)),
            answers,
            states[2],
            events,
            options,
            time,
            random.Next(),
            loggers.CreateLogger("Harmony.Fleet.Operator.Control.Informers.Devices"));
        var logger = loggers.CreateLogger("Harmony.Fleet.Operator.Control.Informers.Buckets");
        buckets = [.. Enum.GetValues<WatchedBucket>().Select(bucket => new BucketInformer(
            bus, bucket, reader, bucket == WatchedBucket.DesiredState ? null : new DocumentIntake(bus.Bucket(BucketInformer.NameOf(bucket)), meter, gate, time, logger), events, options, time, random.Next(), logger))];
        IEnumerable<Func<CancellationToken, Task>> informers =
            [
                Guarded(parts[0], states[0], token => LinkAsync(events, states[0], token)), Guarded(parts[1], states[1], deployments.RunAsync),
                Guarded(parts[2], states[2], devices.RunAsync), .. buckets.Select(informer => AfterOpening(informer.RunAsync)),
            ];
        return Task.WhenAny(informers.Select(run => Task.Run(() => run(cancellationToken), cancellationToken)).ToArray()).Unwrap();
    }

    /// <summary>Whatever an informer throws ends neither it nor the operator: it begins anew after a while, with all that there is.</summary>
    private Func<CancellationToken, Task> Guarded(string part, InformerState state, Func<CancellationToken, Task> run) => async cancellationToken =>
    {
        var unexpected = new UnexpectedFailures(part, time, loggers.CreateLogger<FleetInformers>());
        var failures = new BackOffSequence(options.BackOff, random.Next());
        while (true)
        {
            var began = time.GetTimestamp();
            try
            {
                await run(cancellationToken);
                return;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                if (time.GetElapsedTime(began) > options.BackOff.Ceiling)
                {
                    failures.Reset();
                    unexpected.Passed();
                }

                unexpected.Tell(error);
                state.Failed(error.Message);
            }

            await Task.Delay(failures.Next(), time, cancellationToken);
        }
    };

    private Func<CancellationToken, Task> AfterOpening(Func<CancellationToken, Task> run) => async cancellationToken =>
    {
        await bucketsAreThere.Task.WaitAsync(cancellationToken);
        await run(cancellationToken);
    };

    private async Task LinkAsync(ChannelWriter<FleetEvent> events, InformerState state, CancellationToken cancellationToken)
    {
        await foreach (var link in bus.LinkChangesAsync(cancellationToken))
        {
            state.Works();
            await events.WriteAsync(new FleetEvent.LinkChanged(link.IsUp, link.Connects), cancellationToken);
        }
    }
}
