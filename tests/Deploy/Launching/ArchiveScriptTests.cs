using System.Diagnostics;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Deploy.Launching;

/// <summary>What the scripts of <c>eng/</c> fetch lies below HOME, which may have any name.</summary>
public sealed class ArchiveScriptTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("plain")]
    [InlineData("o'neil and sons")]
    [InlineData("a \"quoted\" home")]
    [InlineData("50% {x}; back\\slash $HOME `id` # né")]
    public async Task Apt_FindsItsFolders_WhateverTheirNames(string name)
    {
        var root = folder.File(name);
        var start = new ProcessStartInfo("bash", ["-c", """
            set -eu
            . "$1/eng/lib/archive.sh"
            configure_apt "$2" trixie http://archive.example/debian ""
            eval "$(apt-config -c "$2/apt.conf" shell state Dir::State parts Dir::Etc::sourceparts archives Dir::Cache::archives)"
            printf '%s\n' "$state" "$parts" "$archives"
            """, "x", RepositoryRoot.File("."), root])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe($"{root}/state\n{root}/etc/sources.list.d\n{root}/cache/archives\n");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Directory.Exists($"{root}/state/lists/partial").ShouldBeTrue();
    }
}
