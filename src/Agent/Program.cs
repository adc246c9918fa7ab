using Harmony.Fleet.Agent.Hosting;

switch (AgentCommandLine.Parse(args))
{
    case AgentCommandLine.Help:
        Console.WriteLine(AgentCommandLine.Usage);
        return ExitCodes.Done;
    case AgentCommandLine.Version:
        Console.WriteLine(AgentVersion.Text);
        return ExitCodes.Done;
    case AgentCommandLine.Wrong wrong:
        await Console.Error.WriteLineAsync($"{wrong.Reason}\n\n{AgentCommandLine.Usage}");
        return ExitCodes.Usage;
    case AgentCommandLine.Run run:
        switch (OptionsReader.Read(run.ConfigFile))
        {
            case OptionsOutcome.Invalid invalid:
                await Console.Error.WriteLineAsync(string.Join('\n', invalid.Errors));
                return ExitCodes.Usage;
            case OptionsOutcome.Valid valid:
                return await AgentHost.RunAsync(valid.Options, Console.Error);
        }

        break;
}

return ExitCodes.Failed;
