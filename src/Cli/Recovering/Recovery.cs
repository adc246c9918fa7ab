using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Recovering;

/// <summary>Shows what the store lost, and tells the operator what is decided about it.</summary>
internal sealed class Recovery(CliHost host, FleetClient client, OutputFormat format)
{
    /// <summary>So many are decided with one request, so that progress is seen.</summary>
    private const int AtOnce = 50;

    private const int MaxNamed = 3;

    private static readonly ColumnShape[] Columns =
    [
        new("DEPLOYMENT") { Least = 16, CutsMiddle = true }, new("UID") { Rank = 4, Least = 8 }, new("KNOWN BY") { Rank = 3 }, new("DEVICES") { IsNumber = true }, new("SINCE") { Rank = 1 }, new("ON") { Rank = 2, Least = 12 },
    ];

    private LostWritesItem? writes;

    /// <summary>Takes notice of writes that were lost.</summary>
    public async Task<int> AcknowledgeAsync(CancellationToken cancellationToken)
    {
        // Where what was lost cannot be told, as while the bus is away, it can be acknowledged all the same.
        var lost = await FindAsync([], cancellationToken);
        if (lost.IsOk && writes is null)
        {
            host.Console.Say("No writes were lost.");
            return ExitCode.Done;
        }

        var done = await client.AcknowledgeAsync(cancellationToken);
        if (!done.IsOk)
        {
            return host.Fail(done.Fault);
        }

        host.Console.Out.WriteLine("lost writes acknowledged");
        return ExitCode.Done;
    }

    /// <summary>Shows them.</summary>
    public async Task<int> ListAsync(string[] wanted, CancellationToken cancellationToken)
    {
        var lost = await FindAsync(wanted, cancellationToken);
        if (!lost.IsOk)
        {
            return host.Fail(lost.Fault);
        }

        if (format == OutputFormat.Json)
        {
            var shown = JsonSerializer.SerializeToElement(new LostDeployments { Items = lost.Value, LostWrites = writes }, ContractsJson.Api.LostDeployments);
            host.Console.Out.WriteLine(JsonText.Pretty(shown));
            return ExitCode.Done;
        }

        if (writes is not null)
        {
            host.Console.Say($"The store lost acknowledged writes (resourceVersion {writes.From}{(writes.Until == writes.From ? string.Empty : $" to {writes.Until}")}), as was found {Age.Of(writes.FoundAt, host.Time.GetUtcNow())} ago. What was changed by them is as it was before, and what was deleted is there again: look it over with {host.Line("get deployments -o wide")}, then say {host.Line("recover --acknowledge")}.");
        }

        if (lost.Value.IsEmpty)
        {
            host.Console.Say(writes is null ? "Nothing was lost." : "No deployment that devices run was lost.");
            return ExitCode.Done;
        }

        var table = new Table(Columns);
        var rows = lost.Value.Select(Row).ToList();
        rows.ForEach(table.Fit);
        var width = host.Console.IsOutTerminal ? host.Console.OutSize().Columns : 0;
        host.Console.Out.WriteLine(table.Header(host.Console, width));
        rows.ForEach(row => host.Console.Out.WriteLine(table.Line(row, host.Console, width)));
        host.Console.Say($"Devices run these, and the store has lost them. Take them back with {host.Line("recover --adopt")}, or remove them with {host.Line("recover --drop")}.{(lost.Value.Any(IsClaim) ? " What is known by devices alone may be invented: it is removed only by name." : string.Empty)}");
        return ExitCode.Done;
    }

    /// <summary>Takes them back.</summary>
    public async Task<int> AdoptAsync(string[] wanted, string? selector, CancellationToken cancellationToken)
    {
        var lost = await FindAsync(wanted, cancellationToken);
        return lost.IsOk ? await DecideAsync("adopt", "adopted", lost.Value, selector, cancellationToken) : host.Fail(lost.Fault);
    }

    /// <summary>Gives them up, after asking.</summary>
    public async Task<int> DropAsync(string[] wanted, bool isSure, CancellationToken cancellationToken)
    {
        var lost = await FindAsync(wanted, cancellationToken);
        if (!lost.IsOk)
        {
            return host.Fail(lost.Fault);
        }

        // Any device says what it likes: no invented name belongs among those that somebody drops without having looked at each.
        ImmutableArray<LostDeploymentItem> left = wanted.Length > 0 ? [] : [.. lost.Value.Where(IsClaim)];
        ImmutableArray<LostDeploymentItem> taken = left.IsEmpty ? lost.Value : [.. lost.Value.Where(item => !IsClaim(item))];
        if (!taken.IsEmpty && !isSure && await ConfirmAsync(taken, cancellationToken) is { } refusal)
        {
            return host.Fail(refusal);
        }

        var code = taken.IsEmpty && !left.IsEmpty ? ExitCode.Done : await DecideAsync("drop", "dropped", taken, null, cancellationToken);
        if (!left.IsEmpty)
        {
            host.Console.Say($"Left as {(left.Length == 1 ? "it is" : "they are")}, since devices alone say that they run {(left.Length == 1 ? "it" : "them")}: {Some([.. left.Select(Named)])}. To remove one, name it: {host.Line($"recover --drop {Named(left[0])}")}.");
        }

        return code;
    }

    private static bool IsClaim(LostDeploymentItem item) => item.KnownBy == LossWitness.Device;

    private static string Named(LostDeploymentItem item) => $"{item.Namespace}/{item.Name}";

    private static string Some(IReadOnlyCollection<string> texts) =>
        texts.Count == 0 ? "-" : string.Join(", ", texts.Take(MaxNamed)) + (texts.Count > MaxNamed ? $" and {texts.Count - MaxNamed} more" : string.Empty);

    private Cell[] Row(LostDeploymentItem item) =>
    [
        Named(item), Some(item.Uids), item.KnownBy.Length > 0 ? item.KnownBy : "-", $"{item.Devices.Length}", Age.Of(item.Since, host.Time.GetUtcNow()),
        Some([.. item.Devices.Select(device => device.Value)]),
    ];

    private async Task<Outcome<ImmutableArray<LostDeploymentItem>>> FindAsync(string[] wanted, CancellationToken cancellationToken)
    {
        var lost = client.Parse(ContractsJson.Api.LostDeployments, await client.LostAsync(cancellationToken));
        if (!lost.IsOk)
        {
            return lost.Fault;
        }

        (var items, writes) = (lost.Value.Items, lost.Value.LostWrites);
        return wanted.FirstOrDefault(name => items.All(item => Named(item) != name)) is { } unknown
            ? new Fault(FaultKind.NotFound, $"no deployment {unknown} was lost", $"see which were with {host.Line("recover")}")
            : wanted.Length == 0 ? items : [.. items.Where(item => wanted.Contains(Named(item), StringComparer.Ordinal))];
    }

    private Task<Fault?> ConfirmAsync(ImmutableArray<LostDeploymentItem> lost, CancellationToken cancellationToken)
    {
        var devices = lost.SelectMany(item => item.Devices).Distinct().Count();
        return Confirmation.AskAsync(
            host,
            $"Remove {Some([.. lost.Select(Named)])} and {(lost.Length == 1 ? "its" : "their")} containers from {CountText.Of(devices, "device")}? There is no way back.",
            "say --yes to remove them from all devices without a question",
            "nothing was dropped",
            cancellationToken);
    }

    private async Task<int> DecideAsync(string verb, string done, ImmutableArray<LostDeploymentItem> lost, string? selector, CancellationToken cancellationToken)
    {
        if (lost.IsEmpty)
        {
            host.Console.Say("Nothing was lost.");
            return ExitCode.Done;
        }

        var results = ImmutableArray.CreateBuilder<RecoveryResult>();
        foreach (var some in lost.Chunk(AtOnce))
        {
            var decided = await client.RecoverAsync(
                verb,
                new RecoveryRequest { Items = [.. some.Select(item => new RecoveryItem { Namespace = item.Namespace, Name = item.Name, Uids = item.Uids })], Selector = selector },
                cancellationToken);
            if (!decided.IsOk)
            {
                host.Console.Say($"{results.Count(result => result.Done)} of {lost.Length} {done}; what is decided stays, and the same command goes on with the rest.");
                return host.Fail(decided.Fault);
            }

            results.AddRange(decided.Value.Items);
            Show(decided.Value.Items, done);
        }

        if (format == OutputFormat.Json)
        {
            var shown = JsonSerializer.SerializeToElement(new RecoveryResults { Items = results.ToImmutable() }, ContractsJson.Api.RecoveryResults);
            host.Console.Out.WriteLine(JsonText.Pretty(shown));
        }

        return results.All(result => result.Done) ? ExitCode.Done : ExitCode.Failed;
    }

    private void Show(ImmutableArray<RecoveryResult> results, string done)
    {
        foreach (var result in results)
        {
            var named = $"{result.Namespace}/{result.Name}";
            if (!result.Done)
            {
                host.Console.Fail($"deployment {named} was not {done}: {result.Message?.TrimEnd('.')}");
            }
            else if (format != OutputFormat.Json)
            {
                host.Console.Out.WriteLine($"deployment {named} {done} ({CountText.Of(result.Devices, "device")})");
            }
        }
    }
}
