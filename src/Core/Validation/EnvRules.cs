using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Validation;

/// <summary>What the environment variables of a container must be. Values are never repeated in an error: they may be secret.</summary>
internal static class EnvRules
{
    public static IEnumerable<FieldError> Check(ImmutableArray<EnvVar> env, string path) =>
    [
        .. env.SelectMany((variable, index) => One(variable, $"{path}[{index}]")),
        .. env.Index()
            .Where(variable => variable.Item is { Name.Length: > 0 })
            .GroupBy(variable => variable.Item.Name, StringComparer.Ordinal)
            .SelectMany(group => group.Skip(1))
            .Select(variable => FieldError.Duplicate($"{path}[{variable.Index}].name", variable.Item.Name)),
    ];

    private static IEnumerable<FieldError> One(EnvVar? variable, string path)
    {
        if (variable is null)
        {
            yield return FieldError.Required(path, "an environment variable is an object");
            yield break;
        }

        if (variable.Name.Length == 0)
        {
            yield return FieldError.Required($"{path}.name", "a name without '='");
        }
        else if (variable.Name.AsSpan().ContainsAny('=', '\0'))
        {
            yield return FieldError.Invalid($"{path}.name", variable.Name, "must not contain '=' or NUL");
        }

        if (variable.Value.Contains('\0', StringComparison.Ordinal))
        {
            yield return new FieldError($"{path}.value", "Invalid value: must not contain NUL");
        }
    }
}
