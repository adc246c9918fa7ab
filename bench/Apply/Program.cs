using Harmony.Fleet.Bench.Apply;

// From the PUT of a Deployment until its container answers, against the same podman calls made by hand, in turn, in one run.
var rounds = args.Length > 0 ? int.Parse(args[0]) : 15;
var home = args.Length > 1 ? args[1] : Directory.GetCurrentDirectory();
await using var stack = await BenchStack.StartAsync(home);
await stack.ByHandAsync();
await stack.ByApplyAsync();

var byHand = new List<double>();
var byApply = new List<double>();
for (var round = 0; round < rounds; round++)
{
    byHand.Add(await stack.ByHandAsync());
    byApply.Add(await stack.ByApplyAsync());
}

var beyond = byApply.Zip(byHand, (apply, hand) => apply - hand).ToList();
Console.WriteLine($"rounds                     {rounds}");
Console.WriteLine($"podman calls by hand       {Summary.Of(byHand)}");
Console.WriteLine($"apply -> container answers {Summary.Of(byApply)}");
Console.WriteLine($"beyond podman              {Summary.Of(beyond)}");
