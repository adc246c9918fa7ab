using System.Collections.Immutable;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Hosting.SelfTests;

namespace Harmony.Fleet.Hosting.Services;

/// <summary>A program that runs until it is told to stop.</summary>
/// <typeparam name="TOptions">What it is told at its start.</typeparam>
public interface IService<TOptions>
    where TOptions : class
{
    /// <summary>The program's name when it is installed, such as <c>fleet-agent</c>.</summary>
    string Name { get; }

    /// <summary>What it does, for <c>--help</c>: one or two sentences.</summary>
    string Purpose { get; }

    /// <summary>Where its settings are when it is installed; read where no others are named and this file exists.</summary>
    string DefaultConfig { get; }

    /// <summary>Reads and checks its settings.</summary>
    /// <param name="file">Where they are.</param>
    OptionsOutcome<TOptions> Load(string file);

    /// <summary>What its self-test looks at, beside its settings.</summary>
    /// <param name="options">Its settings; null where they are wrong: what needs none of them is looked at all the same.</param>
    ImmutableArray<SelfTestStep> SelfTest(TOptions? options);

    /// <summary>Runs it.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="stop">Is cancelled when it is to stop, which may be at any moment of its start.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="StartException">It cannot start.</exception>
    Task<int> RunAsync(TOptions options, CancellationToken stop);
}
