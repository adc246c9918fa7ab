using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;

namespace Harmony.Fleet.Deploy.SmokeTests;

/// <summary>NATS stands when the operator can log in and JetStream answers it.</summary>
internal static class NatsSmokeTest
{
    private const string AccountInfo = "$JS.API.INFO";

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    /// <summary>Waits until it does.</summary>
    public static async Task<Fault?> RunAsync(
        string url, string seedFile, IRunningProcess process, TimeProvider time, CancellationToken cancellationToken)
    {
        using var pair = NKeyPair.ParseSeed(await File.ReadAllTextAsync(seedFile, cancellationToken));
        var options = NatsOptions.For(url) with
        {
            Name = "fleet smoke test",
            Login = new NatsLogin.NKey(pair),
            ConnectTimeout = AnswerLimit,
            JetStream = new() { RequestTimeout = AnswerLimit },
        };
        return await Readiness.UntilAsync(process, token => AskAsync(options, time, token), time, cancellationToken);
    }

    private static async Task<string?> AskAsync(NatsOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await using var bus = new NatsBus(options, time, NullLogger.Instance);
            await bus.ConnectAsync(cancellationToken);
            await bus.Connection!.RequestAsync<byte[]>(AccountInfo, cancellationToken: cancellationToken);
            return null;
        }
        catch (NatsConnectException exception)
        {
            return exception.Message.TrimEnd('.');
        }
        catch (NatsException exception)
        {
            return $"JetStream does not answer: {exception.Message}";
        }
    }
}
