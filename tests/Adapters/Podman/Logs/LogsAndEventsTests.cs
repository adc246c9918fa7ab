using System.Text;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Ports.Containers;
using Harmony.Fleet.Tests.Conformance.Podman;
using Harmony.Fleet.Tests.Harness;
using static Harmony.Fleet.Tests.Conformance.Podman.PodmanFixture;

namespace Harmony.Fleet.Tests.Adapters.Podman.Logs;

[Trait("Category", "Integration")]
public sealed class LogsAndEventsTests(PodmanFixture podman) : IClassFixture<PodmanFixture>
{
    [Fact]
    public async Task Logs_OfAContainerThatEnded_HaveBothStreamsApart()
    {
        var id = await EndedAsync("echo one; sleep 0.2; echo two >&2; sleep 0.2; echo three");

        (await ReadAsync(id, 100, follow: false)).ShouldBe(("one\nthree\n", "two\n"));
        (await ReadAsync(id, 1, follow: false)).ShouldBe(("three\n", string.Empty));
        (await ReadAsync(id, 100, follow: true)).ShouldBe(("one\nthree\n", "two\n"));
    }

    [Fact]
    public async Task Logs_OfManyLines_AreAllThere()
    {
        // Without their ends: before 4.7 podman puts some of these in the wrong place when it is asked for the last lines (its issue 19545).
        var id = await EndedAsync("i=0; while [ $i -lt 3000 ]; do echo line-$i-0123456789012345678901234567890123456789; i=$((i+1)); done");

        var (output, _) = await ReadAsync(id, 10_000, follow: false);

        output.Count(letter => letter == '\n').ShouldBe(3000);
        output.Replace("\n", string.Empty, StringComparison.Ordinal)
            .ShouldBe(string.Concat(Enumerable.Range(0, 3000).Select(i => $"line-{i}-0123456789012345678901234567890123456789")));
    }

    [Fact]
    public async Task Logs_Followed_GoOnUntilTheContainerEnds()
    {
        var spec = podman.Spec() with
        {
            Command = ["/bin/sh", "-c", "echo first; while [ ! -e /go/on ]; do sleep 0.05; done; echo last"],
            Mounts = [new(MountKind.Bind, podman.Folder.Path, "/go", ReadOnly: true)],
            RestartPolicy = RestartPolicy.Never,
        };
        var id = await podman.RunAsync(spec);
        var text = new StringBuilder();

        await foreach (var chunk in podman.Runtime.LogsAsync(id, 10, follow: true, Cancel))
        {
            text.Append(Encoding.UTF8.GetString(chunk.Bytes.Span));
            if (text.ToString() == "first\n")
            {
                await File.WriteAllTextAsync(podman.Folder.File("on"), string.Empty, Cancel);
            }
        }

        text.ToString().ShouldBe("first\nlast\n");
    }

    [Fact]
    public async Task Logs_Followed_EndWithTheirReader()
    {
        var id = await podman.RunAsync(podman.Spec() with { Command = ["/bin/sh", "-c", "while :; do echo again; sleep 0.05; done"] });
        var chunks = 0;

        await foreach (var _ in podman.Runtime.LogsAsync(id, 0, follow: true, Cancel))
        {
            if (++chunks == 3)
            {
                break;
            }
        }

        chunks.ShouldBe(3);
        Must(await podman.Runtime.RemoveAsync(id, Cancel));
    }

    [Fact]
    public async Task Logs_OfAnUnknownContainer_ThrowNotFound()
    {
        var failed = await Should.ThrowAsync<ContainerRuntimeException>(ReadAsync("nobody", 1, follow: true));

        failed.Fault.Kind.ShouldBe(FaultKind.NotFound);
    }

    [Fact]
    public async Task Events_OfOnesOwn_NameThoseThatChangeAndNoOthers()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var (mine, other) = (podman.Spec("listener"), podman.Spec("somebody"));
        var heard = new List<string>();
        var listening = Task.Run(
            async () =>
            {
                await foreach (var name in podman.Runtime.EventsAsync(Label, "listener", end.Token))
                {
                    lock (heard)
                    {
                        heard.Add(name);
                    }
                }
            },
            Cancel);

        // The stream says nothing before its first event: make one again until it is heard.
        await Eventually.HoldsAsync(
            async () =>
            {
                await podman.RunAsync(mine);
                Must(await podman.Runtime.RemoveAsync(mine.Name, Cancel));
                Must(await podman.Runtime.CreateAsync(other, Cancel));
                Must(await podman.Runtime.RemoveAsync(other.Name, Cancel));
                lock (heard)
                {
                    return heard.Count > 0;
                }
            },
            "an event is heard");

        await end.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(listening);
        heard.ShouldAllBe(name => name == mine.Name);
    }

    private async Task<string> EndedAsync(string script)
    {
        var spec = podman.Spec() with { Command = ["/bin/sh", "-c", script], RestartPolicy = RestartPolicy.Never };
        var id = await podman.RunAsync(spec);
        await Eventually.HoldsAsync(async () => (await podman.ObserveAsync(spec)).State == ContainerState.Exited, "it ended");
        return id;
    }

    private async Task<(string Out, string Error)> ReadAsync(string id, int tail, bool follow)
    {
        var (output, error) = (new StringBuilder(), new StringBuilder());
        await foreach (var chunk in podman.Runtime.LogsAsync(id, tail, follow, Cancel))
        {
            (chunk.IsError ? error : output).Append(Encoding.UTF8.GetString(chunk.Bytes.Span));
        }

        return (output.ToString(), error.ToString());
    }
}
