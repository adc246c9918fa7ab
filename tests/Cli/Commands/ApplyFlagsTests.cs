using System.Text.Json;

namespace Harmony.Fleet.Tests.Cli.Commands;

public sealed class ApplyFlagsTests : IDisposable
{
    private readonly CliUnderTest cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("--selector site=lyon", """{"matchLabels":{"site":"lyon"}}""")]
    [InlineData("--selector a=b,c==d --selector e=f", """{"matchLabels":{"a":"b","c":"d","e":"f"}}""")]
    [InlineData("--selector a=b,c!=d,e", """{"matchLabels":{"a":"b"},"matchExpressions":[{"key":"c","operator":"NotIn","values":["d"]},{"key":"e","operator":"Exists"}]}""")]
    [InlineData("--selector 'tier in (edge,core),!old'", """{"matchExpressions":[{"key":"tier","operator":"In","values":["edge","core"]},{"key":"old","operator":"DoesNotExist"}]}""")]
    [InlineData("--selector a=b --selector a=c", """{"matchLabels":{"a":"b"},"matchExpressions":[{"key":"a","operator":"In","values":["c"]}]}""")]
    [InlineData("--all-devices", "{}")]
    public async Task Selectors_BecomeASelector(string flags, string selector) =>
        (await PrintAsync(flags)).GetProperty("spec").GetProperty("targetSelector").GetRawText().ReplaceWhitespace().ShouldBe(selector);

    [Theory]
    [InlineData("--port 8080:80", """{"ports":[{"containerPort":80,"hostPort":8080}]}""")]
    [InlineData("--port 127.0.0.1:53:53/udp", """{"ports":[{"containerPort":53,"hostPort":53,"hostIP":"127.0.0.1","protocol":"UDP"}]}""")]
    [InlineData("--env A=b=c --env EMPTY=", """{"env":[{"name":"A","value":"b=c"},{"name":"EMPTY","value":""}]}""")]
    [InlineData("--volume /srv:/data:ro --volume v:/v", """{"volumeMounts":[{"hostPath":"/srv","mountPath":"/data","readOnly":true},{"volume":"v","mountPath":"/v"}]}""")]
    [InlineData("--command sh --arg=-c --arg 'echo -n hi'", """{"command":["sh"],"args":["-c","echo -n hi"]}""")]
    [InlineData("--memory 64Mi --cpu 250m", """{"limits":{"memoryBytes":67108864,"cpuMillicores":250}}""")]
    public async Task Flags_BecomeAContainer(string flags, string expected)
    {
        var container = (await PrintAsync("--all-devices " + flags)).GetProperty("spec").GetProperty("score").GetProperty("PodmanV0").GetProperty("containers")[0];
        container.GetProperty("name").GetString().ShouldBe("hello");
        container.GetProperty("image").GetString().ShouldBe("docker.io/library/nginx:1.27");
        foreach (var field in JsonElement.Parse(expected).EnumerateObject())
        {
            container.GetProperty(field.Name).GetRawText().ReplaceWhitespace().ShouldBe(field.Value.GetRawText().ReplaceWhitespace());
        }
    }

    [Theory]
    [InlineData("always", "Always")]
    [InlineData("on-failure", "OnFailure")]
    [InlineData("never", "Never")]
    public async Task Restart_BecomesAPolicy(string flag, string policy) =>
        (await PrintAsync($"--all-devices --restart {flag} --grace 1m30s --label team=a"))
            .ShouldSatisfyAllConditions(
                print => print.GetProperty("spec").GetProperty("score").GetProperty("PodmanV0").GetProperty("restartPolicy").GetString().ShouldBe(policy),
                print => print.GetProperty("spec").GetProperty("score").GetProperty("PodmanV0").GetProperty("terminationGracePeriodSeconds").GetInt32().ShouldBe(90),
                print => print.GetProperty("metadata").GetProperty("labels").GetProperty("team").GetString().ShouldBe("a"));

    [Theory]
    [InlineData("", "no device is named: say which with --selector key=value, or --all-devices")]
    [InlineData("--all-devices --selector a=b", "--all-devices and --selector exclude each other: leave one of them out")]
    [InlineData("--selector ''", "--selector is empty: say k=v, or leave it out")]
    [InlineData("--selector 'a in b'", "--selector 'a in b' is no selector: ")]
    [InlineData("--selector a=_b", "--selector 'a=_b' is no selector: ")]
    [InlineData("--selector (", "--selector '(' is no selector: ")]
    [InlineData("--all-devices --timeout 5s", "--timeout says how long --wait waits: say --wait as well, or leave it out")]
    [InlineData("--all-devices --restart sometimes", "--restart knows no 'sometimes': use always, on-failure or never")]
    [InlineData("--all-devices --env NOVALUE", "--env 'NOVALUE' is no variable: write KEY=VALUE")]
    [InlineData("--all-devices --env =x", "--env '=x' is no variable: write KEY=VALUE")]
    [InlineData("--all-devices --label x", "'x' is no label: write key=value")]
    [InlineData("--all-devices --label a=1 --label a=2", "--label a is given twice: say once what it shall be")]
    [InlineData("--selector a!=", "--selector 'a!=' names no value of 'a', and so nearly every device: say which value, or use --all-devices")]
    [InlineData("--selector 'site=x,a notin ()'", "--selector 'site=x,a notin ()' names no value of 'a', and so nearly every device: say which value, or use --all-devices")]
    [InlineData("--selector 'a notin (b,)'", "--selector 'a notin (b,)' names no value of 'a', and so nearly every device: say which value, or use --all-devices")]
    [InlineData("--all-devices --memory lots", "--memory 'lots' is no amount: write it like 64Mi, 1Gi, 500M or a number of bytes")]
    [InlineData("--all-devices --cpu lots", "--cpu 'lots' is no amount: write it like 250m, 0.5 or 2")]
    [InlineData("--all-devices --grace 2h", "--grace '2h' is no time of whole seconds, up to an hour: write it like 10s, 2m or 1h")]
    [InlineData("--all-devices --grace 500ms", "--grace '500ms' is no time of whole seconds, up to an hour: write it like 10s, 2m or 1h")]
    [InlineData("--all-devices --grace 10", "--grace '10' is no time of whole seconds, up to an hour: write it like 10s, 2m or 1h")]
    [InlineData("--all-devices --port 80", "--port '80' is no port: ")]
    [InlineData("--all-devices --volume x", "--volume 'x' is no volume: ")]
    [InlineData("--all-devices --port 80:80 --port 80:81", "the command line: spec.score.PodmanV0.containers[0].ports[1].hostPort: Duplicate value: \"80/TCP\"")]
    [InlineData("--all-devices --memory 1Ki", "the command line: spec.score.PodmanV0.containers[0].limits.memoryBytes: ")]
    [InlineData("--all-devices --namespace No_Space", "'No_Space' is no namespace: use 1 to 63 characters")]
    [InlineData("--all-devices -f x.yaml", "-f and typed flags exclude each other: put everything into the file, or leave out -f")]
    public async Task Flags_ThatAreWrong_AreToldInOneSentence(string flags, string message)
    {
        var run = await cli.RunAsync([.. Words($"apply --name hello --image docker.io/library/nginx:1.27 {flags}")]);
        run.Code.ShouldBe(2);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldStartWith($"error: {message}");
    }

    [Theory]
    [InlineData("--grace")]
    [InlineData("--timeout", "--wait")]
    [InlineData("--memory")]
    [InlineData("--cpu")]
    public async Task Examples_InAnError_AreTaken(string flag, params string[] others)
    {
        string[] line = ["apply", "--name", "hello", "--image", "nginx:1", "--all-devices", "--print", .. others];
        var error = (await cli.RunAsync([.. line, flag, "lots"])).Error.Split('\n')[0];
        var examples = error[(error.IndexOf("write it like ", StringComparison.Ordinal) + "write it like ".Length)..].Replace(" or ", ", ", StringComparison.Ordinal)
            .Split(", ").Where(example => !example.Contains(' ', StringComparison.Ordinal)).ToList();
        examples.Count.ShouldBeGreaterThan(2, error);
        foreach (var example in examples)
        {
            (await cli.RunAsync([.. line, flag, example])).ShouldSatisfyAllConditions(run => run.Error.ShouldBeEmpty(), run => run.Code.ShouldBe(0));
        }
    }

    [Theory]
    [InlineData("apply", "--name is missing: apply needs --name and --image, or -f FILE")]
    [InlineData("apply --name x --all-devices", "--image is missing: apply needs --name and --image, or -f FILE")]
    [InlineData("apply --image x --all-devices", "--name is missing: apply needs --name and --image, or -f FILE")]
    [InlineData("apply --name UP --image x --all-devices", "the command line: metadata.name: ")]
    [InlineData("apply --name x --image 'not an image' --all-devices", "the command line: spec.score.PodmanV0.containers[0].image: ")]
    public async Task NameAndImage_AreNeeded(string line, string message)
    {
        var run = await cli.RunAsync([.. Words(line)]);
        run.Code.ShouldBe(2);
        run.Error.ShouldStartWith($"error: {message}");
    }

    [Fact]
    public async Task Print_OfEverything_IsTheGoldenResource()
    {
        var run = await cli.RunAsync([.. Words("apply --name hello --namespace plant --image docker.io/library/nginx:1.27 --port 8080:80 --env MODE=demo --volume /srv:/srv:ro --selector site=lyon --restart on-failure --print")]);
        Golden.ShouldMatch("apply-print", run.ToString());
    }

    private static IEnumerable<string> Words(string line) => System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(line.Replace('\'', '"'));

    private async Task<JsonElement> PrintAsync(string flags)
    {
        var run = await cli.RunAsync([.. Words($"apply --name hello --image docker.io/library/nginx:1.27 {flags} --print")]);
        run.Code.ShouldBe(0, run.Error);
        run.Error.ShouldBeEmpty();
        return JsonElement.Parse(run.Out);
    }
}
