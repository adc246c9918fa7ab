using System.Collections.Concurrent;
using Harmony.Fleet.Hosting.Services;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Tests.Hosting.Services;

/// <summary>Nobody else writes to the console meanwhile.</summary>
[CollectionDefinition(nameof(UnreadOutputTests), DisableParallelization = true)]
public sealed class UnreadOutput;

/// <summary>A stdout that nobody reads: its pipe is full, and a write to it does not end.</summary>
[Collection(nameof(UnreadOutputTests))]
public sealed class UnreadOutputTests
{
    private const int Lines = 20_000;

    [Fact]
    public async Task Work_GoesOn_AndWhatWasDroppedIsCounted()
    {
        using var output = new FullPipe();
        using var errors = new FullPipe();
        errors.Read();
        await using var services = Build(output, errors);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("A.Part");
        var working = Task.Run(
            () =>
            {
                for (var number = 0; number < Lines; number++)
                {
                    Log.Line(logger, number);
                }
            },
            CancellationToken.None);
        try
        {
            await Eventually.HoldsAsync(() => working.IsCompleted, "all is logged, though none of it is read", TimeSpan.FromSeconds(60));
            output.Written.ShouldBeEmpty();
        }
        finally
        {
            output.Read();
        }

        await working;
        await Eventually.HoldsAsync(
            () =>
            {
                Log.Line(logger, Lines);
                return errors.Written.Any(text => text?.Contains("message(s) dropped", StringComparison.Ordinal) == true);
            },
            "stderr is told with the next line how many were not");
    }

    private static ServiceProvider Build(TextWriter output, TextWriter errors)
    {
        var (before, errorsBefore) = (Console.Out, Console.Error);
        Console.SetOut(output);
        Console.SetError(errors);
        try
        {
            var services = new ServiceCollection().AddLogging(ServiceHost.AddConsole).BuildServiceProvider();
            services.GetServices<ILoggerProvider>().ShouldHaveSingleItem(); // It takes the console here.
            return services;
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(errorsBefore);
        }
    }

    /// <summary>Takes nothing until it is read.</summary>
    private sealed class FullPipe : StringWriter
    {
        private readonly ManualResetEventSlim isRead = new();

        /// <summary>What was taken.</summary>
        public ConcurrentQueue<string?> Written { get; } = [];

        public void Read() => isRead.Set();

        public override void Write(string? value)
        {
            isRead.Wait();
            Written.Enqueue(value);
        }

        protected override void Dispose(bool disposing)
        {
            isRead.Set();
            base.Dispose(disposing);
        }
    }
}

/// <summary>What is logged.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "line {Number}")]
    public static partial void Line(ILogger logger, int number);
}
