using System.Globalization;
using Harmony.Fleet.Bench.Fleet;
using Harmony.Fleet.Tests.Harness;

// What a user waits for on a whole fleet of real processes. Usage:
//   apply [ROUNDS]             from the PUT of a Deployment until its container answers, against the same podman calls made by hand
//   recover [ROUNDS] [SECONDS] NATS is killed, stays away for so long, and a Deployment changes meanwhile: from its return until the change is there
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
await using var stack = await BenchStack.StartAsync(RepositoryRoot.Path);
switch (args.FirstOrDefault())
{
    case "apply":
        await ApplyAsync(Number(1, 15));
        return 0;
    case "recover":
        await RecoverAsync(Number(1, 10), TimeSpan.FromSeconds(Number(2, 0)));
        return 0;
    default:
        Console.Error.WriteLine("usage: apply [ROUNDS] | recover [ROUNDS] [SECONDS]");
        return 2;
}

async Task ApplyAsync(int rounds)
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

async Task RecoverAsync(int rounds, TimeSpan outage)
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
