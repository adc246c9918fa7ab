using Harmony.Fleet.Hosting.Services;
using Harmony.Fleet.Operator.Hosting;

return await ServiceProgram.RunAsync(new OperatorService(), args);
