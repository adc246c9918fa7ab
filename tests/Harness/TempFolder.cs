using System.Diagnostics;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>A folder of a test's own, removed with all that is in it.</summary>
public sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("hf-").FullName;

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>The path of <paramref name="name"/> in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file that only its owner may read.</summary>
    public void Secret(string name, string content)
    {
        System.IO.File.WriteAllText(File(name), content + "\n");
        System.IO.File.SetUnixFileMode(File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Makes a pipe that only its owner may use: whoever opens it to read waits until somebody opens it to write.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> PipeAsync(string name)
    {
        using var make = Process.Start("mkfifo", ["-m", "600", File(name)]);
        await make.WaitForExitAsync();
        return File(name);
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
