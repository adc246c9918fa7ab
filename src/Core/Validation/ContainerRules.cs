using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Images;

namespace Harmony.Fleet.Core.Validation;

/// <summary>What one container of a score must be.</summary>
internal static class ContainerRules
{
    private const long MinMemoryBytes = 4L * 1024 * 1024;
    private const int MinCpuMillicores = 10;

    public static IEnumerable<FieldError> Check(Container? container, string path) => container is null
        ? [FieldError.Required(path, "a container is an object")]
        :
        [
            .. Name(container.Name, $"{path}.name"),
            .. Image(container.Image, $"{path}.image"),
            .. Words(container.Command, $"{path}.command"),
            .. Words(container.Args, $"{path}.args"),
            .. EnvRules.Check(container.Env, $"{path}.env"),
            .. container.Ports.SelectMany((port, index) => PortRules.Check(port, $"{path}.ports[{index}]")),
            .. MountRules.Check(container.VolumeMounts, $"{path}.volumeMounts"),
            .. Limits(container.Limits, $"{path}.limits"),
        ];

    private static IEnumerable<FieldError> Name(string name, string path)
    {
        if (name.Length == 0)
        {
            yield return FieldError.Required(path, $"use {DnsLabel.Rule}");
        }
        else if (!DnsLabel.IsValid(name))
        {
            yield return FieldError.Invalid(path, name, $"use {DnsLabel.Rule}");
        }
    }

    private static IEnumerable<FieldError> Image(string image, string path)
    {
        if (image.Length == 0)
        {
            yield return FieldError.Required(path, "an image reference, for example registry.example/app:1.2");
        }
        else if (!ImageReference.TryParse(image, out _, out var error))
        {
            yield return FieldError.Invalid(path, image, $"no image reference: {error}");
        }
    }

    private static IEnumerable<FieldError> Words(ImmutableArray<string> words, string path) => words
        .Index()
        .Where(word => word.Item is null || word.Item.Contains('\0', StringComparison.Ordinal))
        .Select(word => new FieldError($"{path}[{word.Index}]", "Invalid value: must be a text without NUL"));

    private static IEnumerable<FieldError> Limits(ResourceLimits? limits, string path)
    {
        if (limits?.MemoryBytes is { } memory and < MinMemoryBytes)
        {
            yield return FieldError.Invalid($"{path}.memoryBytes", memory, $"must be at least {MinMemoryBytes} (4 MiB)");
        }

        if (limits?.CpuMillicores is { } cpu and < MinCpuMillicores)
        {
            yield return FieldError.Invalid($"{path}.cpuMillicores", cpu, $"must be at least {MinCpuMillicores}");
        }
    }
}
