using System.Collections.Immutable;
using System.Net.Sockets;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Ports.Containers;
using Harmony.Fleet.Tests.Adapters.Podman.Fixtures;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Podman;

/// <summary>A podman that is away, hangs, dies or lies gives typed outcomes, and never a container that does not run.</summary>
public sealed class HostilePodmanTests
{
    private static readonly string Id = new('1', 64);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> BadAnswers => new()
    {
        "not http at all\r\n\r\n",
        string.Empty,
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"a\":",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
        ScriptedSocket.Response(200, string.Empty),
        ScriptedSocket.Response(200, "null"),
        ScriptedSocket.Response(200, "{\"store\":7,\"version\":[]}"),
        ScriptedSocket.Response(200, "\"text\""),
        ScriptedSocket.Response(200, "{\"a\":" + new string('[', 5000)),
        ScriptedSocket.Response(200, "{\"version\":{\"Version\":\"\\ud800\"}} trailing"),
        "HTTP/1.1 200 OK\r\nX: " + new string('x', 200_000) + "\r\n\r\n",
    };

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task Info_OfABadAnswer_IsUnavailable(string answer)
    {
        await using var socket = ScriptedSocket.Saying(answer);
        using var runtime = Runtime(socket.Path);

        (await runtime.InfoAsync(Cancel)).Fault!.Kind.ShouldBe(FaultKind.Unreachable);
        (await runtime.ObserveAsync("a", "b", Cancel)).Fault!.Kind.ShouldBe(FaultKind.Unreachable);
        (await runtime.EnsureImageAsync("a", Cancel)).Fault!.Kind.ShouldBe(FaultKind.Unreachable);
        (await runtime.CreateAsync(new ContainerSpec { Name = "a", Image = "a" }, Cancel)).Fault!.Kind.ShouldBe(FaultKind.Unreachable);
    }

    [Fact]
    public async Task EveryCall_OnASocketThatNeverAnswers_IsUnavailableInTime()
    {
        await using var socket = new ScriptedSocket((_, _, cancel) => Task.Delay(Timeout.Infinite, cancel));
        using var runtime = Runtime(socket.Path, TimeSpan.FromMilliseconds(50));
        var spec = new ContainerSpec { Name = "a", Image = "a" };

        ImmutableArray<Fault?> failures =
        [
            (await runtime.InfoAsync(Cancel)).Fault,
            (await runtime.ObserveAsync("a", "b", Cancel)).Fault,
            (await runtime.EnsureImageAsync("a", Cancel)).Fault,
            (await runtime.CreateAsync(spec, Cancel)).Fault,
            (await runtime.StartAsync("a", Cancel)).Fault,
            (await runtime.StopAsync("a", TimeSpan.Zero, Cancel)).Fault,
            (await runtime.RemoveAsync("a", Cancel)).Fault,
            (await Should.ThrowAsync<ContainerRuntimeException>(DrainAsync(runtime.LogsAsync("a", 1, follow: true, Cancel)))).Fault,
            (await Should.ThrowAsync<ContainerRuntimeException>(DrainAsync(runtime.EventsAsync("a", "b", Cancel)))).Fault,
        ];

        failures.ShouldAllBe(failure => failure!.Kind == FaultKind.Unreachable && failure.What.Contains("did not answer"));
    }

    [Fact]
    public async Task Observe_OfAnAnswerThatStopsHalfWay_IsUnavailableInTime()
    {
        await using var socket = new ScriptedSocket(async (_, connection, cancel) =>
        {
            await ScriptedSocket.SendAsync(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[", cancel);
            await Task.Delay(Timeout.Infinite, cancel);
        });
        using var runtime = Runtime(socket.Path, TimeSpan.FromMilliseconds(50));

        (await runtime.ObserveAsync("a", "b", Cancel)).Fault!.Kind.ShouldBe(FaultKind.Unreachable);
    }

    [Fact]
    public async Task Observe_OfAHugeAnswer_IsUnavailableBeforeItIsAllRead()
    {
        long sent = 0;
        await using var socket = new ScriptedSocket(async (_, connection, cancel) =>
        {
            await ScriptedSocket.SendAsync(connection, ScriptedSocket.Endless("["), cancel);
            var block = new string(' ', 1024 * 1024);
            while (true)
            {
                await ScriptedSocket.SendAsync(connection, block, cancel);
                Interlocked.Add(ref sent, block.Length);
            }
        });
        using var runtime = Runtime(socket.Path, TimeSpan.FromSeconds(60));

        var failure = (await runtime.ObserveAsync("a", "b", Cancel)).Fault!;

        failure.Kind.ShouldBe(FaultKind.Unreachable);
        failure.What.ShouldContain("longer than");
        Interlocked.Read(ref sent).ShouldBeLessThan(64 * 1024 * 1024);
    }

    [Fact]
    public async Task Observe_WhenOneContainerVanishesBetweenListAndInspect_ShowsTheOthers()
    {
        await using var socket = new ScriptedSocket((request, connection, cancel) => ScriptedSocket.SendAsync(
            connection,
            request.Contains("/containers/json", StringComparison.Ordinal) ? ScriptedSocket.Response(200, """[{"Id":"gone"},null,{"Id":"here"}]""")
            : request.Contains("/containers/gone", StringComparison.Ordinal) ? ScriptedSocket.Response(404, """{"message":"no such container"}""")
            : request.Contains("/containers/here", StringComparison.Ordinal) ? ScriptedSocket.Response(200, """{"Id":"here","Name":"n","Image":"img"}""")
            : ScriptedSocket.Response(200, """{"Id":"img","Config":null}"""),
            cancel));
        using var runtime = Runtime(socket.Path);

        (await runtime.ObserveAsync("a", "b", Cancel)).Value.ShouldHaveSingleItem().Id.ShouldBe("here");
    }

    /// <summary>Seen where four podmans start a container at once and the packet filter is empty, as after a boot.</summary>
    [Theory]
    [InlineData("netavark: code: 1, msg: iptables: Chain already exists.\\n", 2, 2, null)]
    [InlineData("netavark (exit code 1): code: 1, msg: iptables: chain already exists.", 3, 3, null)]
    [InlineData("netavark: code: 1, msg: iptables: Chain already exists.\\n", int.MaxValue, 5, FaultKind.Transient)]
    [InlineData("netavark: code: 1, msg: iptables: Permission denied", int.MaxValue, 1, FaultKind.Permanent)]
    public async Task Start_ThatLosesTheRaceForAChain_IsTriedAgainAtOnce(string words, int failing, int asked, FaultKind? kind)
    {
        var starts = 0;
        await using var socket = new ScriptedSocket((_, connection, cancel) => ScriptedSocket.SendAsync(
            connection,
            ++starts < failing ? ScriptedSocket.Response(500, $$"""{"cause":"internal libpod error","message":"{{words}}"}""") : ScriptedSocket.Response(204, string.Empty),
            cancel));
        using var runtime = Runtime(socket.Path);

        var started = await runtime.StartAsync("web", Cancel);

        (started.Fault?.Kind).ShouldBe(kind);
        starts.ShouldBe(asked);
    }

    /// <summary>One bad container is its own trouble: podman 4.3 answers so for one whose layer a power cut took.</summary>
    [Fact]
    public async Task Observe_WhenPodmanCannotShowOneContainer_ShowsTheOthers()
    {
        await using var socket = new ScriptedSocket((request, connection, cancel) => ScriptedSocket.SendAsync(
            connection,
            request.Contains("/containers/json", StringComparison.Ordinal)
                ? ScriptedSocket.Response(200, """[{"Id":"bad","Names":["broken"],"Labels":{"a":"b"}},{"Id":"good","Names":["whole"]},{"Id":"nameless"}]""")
                : request.Contains("/containers/good/json", StringComparison.Ordinal) ? ScriptedSocket.Response(200, """{"Id":"good","Name":"whole"}""")
                : request.Contains("/images/", StringComparison.Ordinal) ? ScriptedSocket.Response(404, "{}")
                : ScriptedSocket.Response(500, """{"message":"reading information about layer \"75\": layer not known"}"""),
            cancel));
        using var runtime = Runtime(socket.Path);

        (await runtime.ObserveAsync("a", "b", Cancel)).Value.Select(container => (container.Name, container.State))
            .ShouldBe([("broken", ContainerState.Damaged), ("whole", ContainerState.Unknown)]);
    }

    [Fact]
    public async Task Observe_WhenOneContainerCannotBeRead_ShowsNoneRatherThanAPart()
    {
        await using var socket = new ScriptedSocket((request, connection, cancel) => ScriptedSocket.SendAsync(
            connection,
            request.Contains("/containers/json", StringComparison.Ordinal) ? ScriptedSocket.Response(200, """[{"Id":"x"}]""") : ScriptedSocket.Response(200, "{}"),
            cancel));
        using var runtime = Runtime(socket.Path);

        (await runtime.ObserveAsync("a", "b", Cancel)).Fault!.Kind.ShouldBe(FaultKind.Unreachable);
    }

    [Theory]
    [InlineData("", FaultKind.Unreachable)]
    [InlineData("{\"stream\":\"Trying to pull\"}\n", FaultKind.Unreachable)]
    [InlineData("{\"stream\":\"Trying to pull\"}\nbroken", FaultKind.Unreachable)]
    [InlineData("{\"stream\":\"x\"}\n{\"error\":\"reading manifest 9: manifest unknown\"}\n", FaultKind.Permanent)]
    [InlineData("{\"error\":\"pinging container registry x: dial tcp: connection refused\"}\n", FaultKind.Transient)]
    [InlineData("{\"id\":\"abc\"}\n{\"error\":\"unexpected EOF\"}\n", FaultKind.Transient)]
    [InlineData("{\"error\":\"toomanyrequests: You have reached your pull rate limit\"}", FaultKind.Transient)]
    [InlineData("{\"error\":\"unauthorized: authentication required\"}", FaultKind.Permanent)]
    public async Task EnsureImage_OfAPullThatEndsSo_IsTheKind(string lines, FaultKind kind)
    {
        await using var socket = new ScriptedSocket((request, connection, cancel) => ScriptedSocket.SendAsync(
            connection, request.StartsWith("GET", StringComparison.Ordinal) ? ScriptedSocket.Response(404, "{}") : ScriptedSocket.Endless(lines), cancel));
        using var runtime = Runtime(socket.Path);

        (await runtime.EnsureImageAsync("registry.example/app:1", Cancel)).Fault!.Kind.ShouldBe(kind);
    }

    [Fact]
    public async Task Remove_ThatFailsWithStatus200_IsAFailure()
    {
        await using var socket = ScriptedSocket.Answering(200, $$"""[{"Id":"{{Id}}","Err":"cannot unmount"}]""");
        using var runtime = Runtime(socket.Path);

        (await runtime.RemoveAsync(Id, Cancel)).Fault!.ToString().ShouldContain("cannot unmount");
    }

    [Theory]
    [InlineData("\u0001\0\0\0\0\0\0\u0005abc")]
    [InlineData("HTTP is no frame")]
    public async Task Logs_ThatBreakOff_SayTheirPartAndThrow(string body)
    {
        await using var socket = new ScriptedSocket((request, connection, cancel) => ScriptedSocket.SendAsync(
            connection, request.Contains("/logs", StringComparison.Ordinal) ? ScriptedSocket.Endless(body) : ScriptedSocket.Response(200, "{}"), cancel));
        using var runtime = Runtime(socket.Path);

        var broken = await Should.ThrowAsync<ContainerRuntimeException>(DrainAsync(runtime.LogsAsync("a", 1, follow: false, Cancel)));

        broken.Fault.Kind.ShouldBe(FaultKind.Unreachable);
    }

    [Fact]
    public async Task Logs_ThatStopHalfWayAndAreNotFollowed_ThrowInTime()
    {
        await using var socket = new ScriptedSocket(async (request, connection, cancel) =>
        {
            var isLog = request.Contains("/logs", StringComparison.Ordinal);
            await ScriptedSocket.SendAsync(connection, isLog ? ScriptedSocket.Endless("\u0001\0\0\0\0\0\0\u0005abc") : ScriptedSocket.Response(200, "{}"), cancel);
            await Task.Delay(isLog ? Timeout.Infinite : 0, cancel);
        });
        using var runtime = Runtime(socket.Path, TimeSpan.FromMilliseconds(100));

        var broken = await Should.ThrowAsync<ContainerRuntimeException>(DrainAsync(runtime.LogsAsync("a", 1, follow: false, Cancel)));

        broken.Fault.ToString().ShouldContain("sent nothing");
    }

    [Fact]
    public async Task Events_OfAllKinds_NameWhatChangedAndEndWithTheService()
    {
        const string Lines =
            """
            {"Action":"start","Actor":{"Attributes":{"name":"one"}}}
            {"Action":"exec","Actor":{"Attributes":{"name":"noise"}}}
            {"Action":"health_status","Actor":{"Attributes":{"name":"noise"}}}
            {"Action":"died","Actor":{"Attributes":{"name":"two"}}}
            {"Action":"died","Actor":null}
            {"Action":"remove","Actor":{"Attributes":{}}}

            """;
        await using var socket = new ScriptedSocket((request, connection, cancel) => ScriptedSocket.SendAsync(
            connection, request.Contains("/events", StringComparison.Ordinal) ? ScriptedSocket.Endless(Lines) : ScriptedSocket.Response(200, "{}"), cancel));
        using var runtime = Runtime(socket.Path);

        (await DrainAsync(runtime.EventsAsync("a", "b", Cancel))).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task AnyCall_CancelledByItsCaller_Throws()
    {
        await using var socket = new ScriptedSocket((_, _, cancel) => Task.Delay(Timeout.Infinite, cancel));
        using var runtime = Runtime(socket.Path, TimeSpan.FromSeconds(60));
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Should.ThrowAsync<OperationCanceledException>(runtime.InfoAsync(cancel.Token));
    }

    [Fact]
    public async Task Info_WithoutASocket_SaysHowToStartPodman()
    {
        using var folder = new TempFolder();
        using var runtime = Runtime(folder.File("none"));

        var failure = (await runtime.InfoAsync(Cancel)).Fault!;

        failure.Kind.ShouldBe(FaultKind.Unreachable);
        failure.What.ShouldMatch("is not there: a fleet up starts the podman of its devices again|podman is not installed");
    }

    [Fact]
    public async Task Info_OfASocketThatNobodyServes_SaysSo()
    {
        using var folder = new TempFolder();
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Moved away, or it would be removed with the listener.
            dead.Bind(new UnixDomainSocketEndPoint(folder.File("alive")));
            File.Move(folder.File("alive"), folder.File("dead"));
        }

        using var runtime = Runtime(folder.File("dead"));

        (await runtime.InfoAsync(Cancel)).Fault!.ToString().ShouldContain("nothing answers at podman's socket");
    }

    [Fact]
    public async Task Info_OfAPathThatIsTooLong_IsPermanentAndSaysSo()
    {
        using var runtime = Runtime("/" + new string('x', 107));

        var failure = (await runtime.InfoAsync(Cancel)).Fault!;

        failure.Kind.ShouldBe(FaultKind.Permanent);
        failure.What.ShouldContain("107 bytes");
    }

    private static PodmanRuntime Runtime(string path, TimeSpan? timeout = null)
    {
        var limit = timeout ?? TimeSpan.FromSeconds(30);
        return new(new PodmanOptions { SocketPath = path, CallTimeout = limit, ChangeTimeout = limit, PullTimeout = limit }, TimeProvider.System);
    }

    private static async Task<List<T>> DrainAsync<T>(IAsyncEnumerable<T> from)
    {
        var all = new List<T>();
        await foreach (var one in from)
        {
            all.Add(one);
        }

        return all;
    }
}
