namespace Harmony.Fleet.Tests.Harness;

/// <summary>The programs of which a fleet in a test consists: those that <c>./fleet test</c> compiled ahead of time, or else those that were built with the tests.</summary>
public static class FleetPrograms
{
    private static readonly string? Ahead = Environment.GetEnvironmentVariable("HARMONY_FLEET_TEST_PROGRAMS") is { Length: > 0 } folder ? folder : null;

    /// <summary>The absolute path of a program, for example <c>Harmony.Fleet.Cli</c>.</summary>
    public static string PathOf(string program) => Path.Combine(FolderOf(program), program);

    /// <summary>The absolute path of the folder in which a program lies; those of the others lie beside it.</summary>
    public static string FolderOf(string program) =>
        Ahead is null ? RepositoryRoot.File($"artifacts/bin/{program}/release") : Path.Combine(Ahead, program);
}
