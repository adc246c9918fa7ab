using System.Globalization;
using Harmony.Fleet.Bench.Fleet;
using Harmony.Fleet.Tests.Harness;

// What a user waits for on a whole fleet of real processes. Usage:
//   apply [ROUNDS]             from the PUT of a Deployment until its container answers, against the same podman calls made by hand
//   recover [ROUNDS] [SECONDS] NATS is killed, stays away for so long, and a Deployment changes meanwhile: from its return until the change is there
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
Func<BenchStack, Task>? measure = args.FirstOrDefault() switch
{
    "apply" => stack => ApplyAsync(stack, Number(1, 15)),
    "recover" => stack => RecoverAsync(stack, Number(1, 10), TimeSpan.FromSeconds(Number(2, 0))),
    _ => null,
};
if (measure is null)
{
    Console.Error.WriteLine("usage: apply [ROUNDS] | recover [ROUNDS] [SECONDS]");
    return 2;
}

using var end = new EndSignals();
try
{
    await using var stack = await BenchStack.StartAsync(RepositoryRoot.Path, end.Token);
    await measure(stack).WaitAsync(end.Token);
    return 0;
}
catch (OperationCanceledException) when (end.Token.IsCancellationRequested)
{
    return EndSignals.ExitCode;
}

async Task ApplyAsync(BenchStack stack, int rounds)
{
    await stack.ByHandAsync();
    await stack.ByApplyAsync();
    var byHand = new List<double>();
    var byApply = new List<double>();
    for (var round = 0; round < rounds; round++)
    {
        byHand.Add(await stack.ByHandAsync());
        byApply.Add(await stack.ByApplyAsync());
    }

    Console.WriteLine($"rounds                     {rounds}");
    Console.WriteLine($"podman calls by hand       {Summary.Of(byHand)}");
    Console.WriteLine($"apply -> container answers {Summary.Of(byApply)}");
    Console.WriteLine($"beyond podman              {Summary.Of(byApply.Zip(byHand, (apply, hand) => apply - hand))}");
}

async Task RecoverAsync(BenchStack stack, int rounds, TimeSpan outage)
{
    await stack.ShowAsync(1);
    var took = new List<double>();
    for (var round = 0; round < rounds; round++)
    {
        took.Add(await stack.AfterNatsAsync(2 - (round % 2), outage));
        Console.WriteLine($"round {round + 1}: {took[^1] / 1000:F2} s");
    }

    Console.WriteLine($"rounds                       {rounds}, NATS held up for {outage.TotalSeconds:F0} s more in each");
    Console.WriteLine($"NATS is back -> agent current {Summary.Of(took)}");
}
