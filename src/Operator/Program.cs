using Harmony.Fleet.Operator.Hosting;

return await OperatorProcess.RunAsync(args, Console.Out, Console.Error);
