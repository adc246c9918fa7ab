using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Fleet.Cli.Manifests;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Cli.Applying;

/// <summary>Makes a Deployment of typed flags.</summary>
internal sealed class DeploymentBuilder
{
    private readonly DeploymentFlags flags;
    private Fault? wrong;

    private DeploymentBuilder(DeploymentFlags flags) => this.flags = flags;

    /// <summary>The document that <paramref name="flags"/> mean, without empty fields.</summary>
    public static Outcome<SourceDocument> Build(DeploymentFlags flags)
    {
        var builder = new DeploymentBuilder(flags);
        var deployment = builder.Deployment();
        return builder.wrong is { } error
            ? error
            : new SourceDocument("the command line", Compact(JsonSerializer.SerializeToNode(deployment, ContractsJson.Resources.Deployment)!.AsObject()));
    }

    private Deployment Deployment() => new()
    {
        Metadata = new ObjectMeta { Name = Needed(flags.Name, "--name"), Namespace = flags.Namespace, Labels = Labels() },
        Spec = new DeploymentSpec
        {
            TargetSelector = Selector(),
            Score = new ReconcileScore
            {
                PodmanV0 = new PodmanV0Score { Containers = [Container()], RestartPolicy = Restart(), TerminationGracePeriodSeconds = Grace() },
            },
        },
    };

    private Container Container() => new()
    {
        Name = flags.Name ?? string.Empty,
        Image = Needed(flags.Image, "--image"),
        Command = flags.Command,
        Args = flags.Args,
        Env = [.. All(flags.Env, PairText.Variable).Select(pair => new EnvVar { Name = pair.Key, Value = pair.Value })],
        Ports = All(flags.Ports, PortText.Parse),
        VolumeMounts = All(flags.Volumes, VolumeText.Parse),
        Limits = flags.Memory is null && flags.Cpu is null ? null : new ResourceLimits { MemoryBytes = Memory(), CpuMillicores = Cpu() },
    };

    private string Needed(string? text, string flag)
    {
        if (string.IsNullOrEmpty(text))
        {
            wrong ??= Fault.Invalid($"{flag} is missing", "apply needs --name and --image, or -f FILE");
        }

        return text ?? string.Empty;
    }

    private ImmutableSortedDictionary<string, string> Labels()
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in All(flags.Labels, PairText.Label))
        {
            wrong ??= labels.TryAdd(key, value) ? null : Fault.Invalid($"--label {key} is given twice", "say once what it shall be");
        }

        return labels.ToImmutable();
    }

    private LabelSelector Selector()
    {
        if (flags.Selectors.IsEmpty != flags.AllDevices)
        {
            wrong ??= flags.AllDevices
                ? Fault.Invalid("--all-devices and --selector exclude each other", "leave one of them out")
                : Fault.Invalid("no device is named", "say which with --selector key=value, or --all-devices");
        }

        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var others = ImmutableArray.CreateBuilder<LabelSelectorRequirement>();
        foreach (var term in All(flags.Selectors, Terms).SelectMany(terms => terms))
        {
            if (term is { Operator: "In", Values: [var value] } && labels.TryAdd(term.Key, value))
            {
                continue;
            }

            others.Add(term);
        }

        return new LabelSelector { MatchLabels = labels.ToImmutable(), MatchExpressions = others.ToImmutable() };
    }

    private static Outcome<ImmutableArray<LabelSelectorRequirement>> Terms(string text) => SelectorText.Parse(text) switch
    {
        SelectorTextOutcome.Parsed { LabelSelector.MatchExpressions: { } terms } when terms.FirstOrDefault(ExcludesNothing) is { } wide =>
            Fault.Invalid($"--selector '{text}' names no value of '{wide.Key}', and so nearly every device", "say which value, or use --all-devices"),
        SelectorTextOutcome.Parsed { LabelSelector.MatchExpressions: { IsEmpty: false } terms } => terms,
        SelectorTextOutcome.Invalid invalid => Fault.Invalid(SelectorOption.Wrong(text, invalid)),
        _ => Fault.Invalid("--selector is empty", "say which devices, or use --all-devices for all of them"),
    };

    /// <summary><c>a!=$B</c> and <c>a notin ($B)</c> where B is not set: whoever means the empty value writes it into a file.</summary>
    private static bool ExcludesNothing(LabelSelectorRequirement term) => term is { Operator: "NotIn", Values: { } values } && values.Contains(string.Empty, StringComparer.Ordinal);

    private RestartPolicy? Restart() => flags.Restart switch
    {
        null => null,
        "always" => RestartPolicy.Always,
        "on-failure" => RestartPolicy.OnFailure,
        "never" => RestartPolicy.Never,
        var other => Refuse<RestartPolicy>($"--restart knows no '{other}'", "use always, on-failure or never"),
    };

    private long? Memory() => flags.Memory is not { } text ? null
        : Quantity.TryParseMemory(text, out var bytes) ? bytes : Refuse<long>($"--memory '{text}' is no amount", Quantity.MemoryRule);

    private int? Cpu() => flags.Cpu is not { } text ? null
        : Quantity.TryParseCpu(text, out var millicores) ? millicores : Refuse<int>($"--cpu '{text}' is no amount", Quantity.CpuRule);

    private int? Grace() => flags.Grace is not { } text ? null
        : Duration.TryParse(text, out var span) && span.TotalSeconds is <= 3600 and var seconds && seconds == Math.Truncate(seconds)
            ? (int)seconds
            : Refuse<int>($"--grace '{text}' is no time of whole seconds, up to an hour", "write it like 10s, 2m or 1h");

    private T Refuse<T>(string what, string advice)
    {
        wrong ??= Fault.Invalid(what, advice);
        return default!;
    }

    private ImmutableArray<T> All<T>(ImmutableArray<string> texts, Func<string, Outcome<T>> parse)
    {
        var values = ImmutableArray.CreateBuilder<T>(texts.Length);
        foreach (var text in texts)
        {
            var value = parse(text);
            wrong ??= value.Fault;
            if (value.IsOk)
            {
                values.Add(value.Value);
            }
        }

        return values.ToImmutable();
    }

    /// <summary>Leaves out what says nothing: empty lists and objects, and the generation, which is the store's.</summary>
    private static JsonObject Compact(JsonObject node)
    {
        foreach (var (name, value) in node.ToList())
        {
            if (value is JsonObject inner)
            {
                Compact(inner);
            }
            else if (value is JsonArray list)
            {
                list.OfType<JsonObject>().ToList().ForEach(item => Compact(item));
            }

            // An empty selector means every device: it is never left out.
            if (value is JsonArray { Count: 0 } or JsonObject { Count: 0 } && name != "targetSelector" || name == "generation" || IsDefault(name, value))
            {
                node.Remove(name);
            }
        }

        return node;
    }

    private static bool IsDefault(string name, JsonNode? value) => name == "readOnly" && value?.GetValueKind() == JsonValueKind.False;
}
