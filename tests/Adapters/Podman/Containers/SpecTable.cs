using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Tests.Adapters.Podman.Containers;

/// <summary>Specs with everything that a score can say, by name. Bind sources are folders named in <c>$BIND</c>.</summary>
internal static class SpecTable
{
    public const string Bind = "$BIND";

    private static readonly ImmutableDictionary<string, Func<ContainerSpec, ContainerSpec>> All =
        ImmutableDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, Func<ContainerSpec, ContainerSpec>>(StringComparer.Ordinal)
        {
            ["nothing but the image"] = spec => spec,
            ["one variable"] = spec => spec with { Env = Env(("A", "1")) },
            ["variables of all kinds"] = spec => spec with
            {
                Env = Env(("EMPTY", ""), ("EQUALS", "a=b=c"), ("SPACE", " two words "), ("QUOTE", "\"'\\$HOME`"), ("LINES", "one\ntwo\n"), ("UNICODE", "grüß 🐙"), ("lower_case", "x")),
            },
            ["a variable of the image's replaced"] = spec => spec with { Env = Env(("FROM_IMAGE", "no"), ("PATH", "/bin:/sbin")) },
            ["variables of the runtime's own"] = spec => spec with { Env = Env(("TERM", "dumb"), ("HOSTNAME", "me"), ("HOME", "/tmp"), ("container", "fleet")) },
            ["a proxy"] = spec => spec with { Env = Env(("http_proxy", "http://proxy.example:3128")) },
            ["a command"] = spec => spec with { Command = ["/bin/sleep", "1000"] },
            ["arguments"] = spec => spec with { Args = ["sleep 1000"] },
            ["command and arguments"] = spec => spec with { Command = ["/bin/sh", "-c"], Args = ["sleep 1000"] },
            ["words with spaces and nothing"] = spec => spec with { Command = ["/bin/sh", "-c", "sleep \"$1\"", "a name", ""], Args = ["", "1000", "two words"] },
            ["one word"] = spec => spec with { Command = ["/bin/sh"], RestartPolicy = RestartPolicy.Never },
            ["one word twice"] = spec => spec with { Command = ["/bin/sh"], Args = ["/bin/sh"], RestartPolicy = RestartPolicy.Never },
            ["arguments that repeat the command"] = spec => spec with { Command = ["/bin/sleep", "9"], Args = ["/bin/sleep", "9"] },
            ["a tcp port"] = spec => spec with { Ports = [new(8080, 20101, string.Empty, "tcp")] },
            ["a udp port"] = spec => spec with { Ports = [new(8080, 20102, string.Empty, "udp")] },
            ["one port on one address"] = spec => spec with { Ports = [new(8080, 20103, "127.0.0.1", "tcp")] },
            ["one port in both protocols"] = spec => spec with { Ports = [new(53, 20104, string.Empty, "tcp"), new(53, 20104, string.Empty, "udp")] },
            ["ports in a row"] = spec => spec with { Ports = [.. Enumerable.Range(0, 5).Select(i => new PortMapping(9000 + i, 20110 + i, string.Empty, "tcp"))] },
            ["ports out of order"] = spec => spec with { Ports = [new(81, 20122, "127.0.0.1", "tcp"), new(80, 20121, string.Empty, "tcp"), new(80, 20120, string.Empty, "tcp")] },
            ["all addresses, written out"] = spec => spec with { Ports = [new(8080, 20130, "0.0.0.0", "tcp")] },
            ["a folder"] = spec => spec with { Mounts = [new(MountKind.Bind, Bind, "/data", ReadOnly: false)] },
            ["a folder to read only"] = spec => spec with { Mounts = [new(MountKind.Bind, Bind, "/data", ReadOnly: true)] },
            ["paths with a slash at the end"] = spec => spec with { Mounts = [new(MountKind.Bind, Bind + "/", "/data/", ReadOnly: false)] },
            ["one folder in two places"] = spec => spec with { Mounts = [new(MountKind.Bind, Bind, "/a", ReadOnly: true), new(MountKind.Bind, Bind, "/b/c", ReadOnly: false)] },
            ["a volume"] = spec => spec with { Mounts = [new(MountKind.Volume, "table", "/data", ReadOnly: false)] },
            ["a volume to read only"] = spec => spec with { Mounts = [new(MountKind.Volume, "table-ro", "/data", ReadOnly: true)] },
            ["a volume where the image has one"] = spec => spec with { Mounts = [new(MountKind.Volume, "table-scratch", "/scratch", ReadOnly: false)] },
            ["a folder where the image has a volume"] = spec => spec with { Mounts = [new(MountKind.Bind, Bind, "/scratch", ReadOnly: false)] },
            ["restart on failure"] = spec => spec with { RestartPolicy = RestartPolicy.OnFailure },
            ["restart never"] = spec => spec with { RestartPolicy = RestartPolicy.Never },
            ["no time to stop"] = spec => spec with { StopTimeoutSeconds = 0 },
            ["an hour to stop"] = spec => spec with { StopTimeoutSeconds = 3600 },
            ["a memory limit"] = spec => spec with { MemoryBytes = 64 * 1024 * 1024 },
            ["an odd memory limit"] = spec => spec with { MemoryBytes = 67_000_001 },
            ["a processor limit"] = spec => spec with { CpuMillicores = 250 },
            ["the smallest processor limit"] = spec => spec with { CpuMillicores = 10 },
            ["an odd processor limit"] = spec => spec with { CpuMillicores = 1337 },
            ["labels"] = spec => spec with { Labels = spec.Labels.Add("a.example/x", string.Empty).Add("b", "two words = 1").Add("image.example/label", "replaced") },
            ["everything"] = spec => spec with
            {
                Command = ["/bin/sh", "-c"],
                Args = ["sleep 1000"],
                Env = Env(("A", "1"), ("FROM_IMAGE", "")),
                Ports = [new(80, 20140, "127.0.0.1", "tcp"), new(81, 20141, string.Empty, "udp")],
                Mounts = [new(MountKind.Bind, Bind, "/in", ReadOnly: true), new(MountKind.Volume, "table-all", "/out", ReadOnly: false)],
                RestartPolicy = RestartPolicy.OnFailure,
                StopTimeoutSeconds = 1,
                MemoryBytes = 32 * 1024 * 1024,
                CpuMillicores = 500,
            },
        });

    public static IEnumerable<string> Names => All.Keys.Order(StringComparer.Ordinal);

    public static ContainerSpec Make(string name, ContainerSpec from, string bindFolder)
    {
        var spec = All[name](from);
        return spec with
        {
            Mounts = [.. spec.Mounts.Select(mount => mount with { Source = mount.Source.Replace(Bind, bindFolder, StringComparison.Ordinal) })],
        };
    }

    private static ImmutableSortedDictionary<string, string> Env(params (string Name, string Value)[] variables) =>
        variables.ToImmutableSortedDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);
}
