using Harmony.Fleet.Agent.Hosting;
using Harmony.Fleet.Hosting.Services;

return await ServiceProgram.RunAsync(new AgentService(), args);
