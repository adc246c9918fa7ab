using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Fleet.Cli.Options;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Validation;

namespace Harmony.Fleet.Cli.Manifests;

/// <summary>Makes manifests of documents. What the operator would refuse is told here, before anything is sent.</summary>
/// <param name="spaceOption">What <c>--namespace</c> says; null without it.</param>
internal sealed class ManifestReader(string? spaceOption)
{
    private static readonly string[] Kinds = [nameof(Deployment), nameof(Device)];

    /// <summary>The manifests of <paramref name="documents"/>; no resource may be there twice.</summary>
    public Outcome<List<Manifest>> Read(IEnumerable<SourceDocument> documents)
    {
        var manifests = new List<Manifest>();
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var document in documents)
        {
            var manifest = Read(document);
            if (!manifest.IsOk)
            {
                return manifest.Fault;
            }

            if (!seen.TryAdd(manifest.Value.Title, document.Origin))
            {
                return Fault.Invalid($"{manifest.Value.Title} is there twice, in {seen[manifest.Value.Title]} and in {document.Origin}", "leave one of them out");
            }

            manifests.Add(manifest.Value);
        }

        return manifests;
    }

    /// <summary>The manifest of one document.</summary>
    public Outcome<Manifest> Read(SourceDocument document)
    {
        var kind = Text(document.Content["kind"]);
        if (kind is null || !Kinds.Contains(kind, StringComparer.Ordinal))
        {
            var meant = kind is null ? null : Suggestion.For(kind, Kinds);
            return Wrong(document, new FieldError("kind", $"must be {string.Join(" or ", Kinds)}{(kind is null ? string.Empty : $", not '{kind}'")}{(meant is null ? string.Empty : $": did you mean '{meant}'?")}"));
        }

        if (Text(document.Content["apiVersion"]) is var version && version != ApiGroup.Version)
        {
            return Wrong(document, new FieldError("apiVersion", $"must be {ApiGroup.Version}{(version is null ? string.Empty : $", not '{version}'")}"));
        }

        return kind == nameof(Deployment) ? Deployment(document) : Device(document);
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private Outcome<Manifest> Deployment(SourceDocument document)
    {
        var content = document.Content;
        if (content["spec"] is JsonObject spec && spec["targetSelector"] is null)
        {
            var what = spec.ContainsKey("targetSelector") ? "empty" : "missing";
            return Wrong(document, new FieldError("spec.targetSelector", $"is {what}: say which devices, or write {{}} and say --all-devices for all of them"));
        }

        if (content["metadata"] is JsonObject metadata)
        {
            if (spaceOption is not null && Text(metadata["namespace"]) is { } space && space != spaceOption)
            {
                return Wrong(document, new FieldError("metadata.namespace", $"is '{space}', and --namespace says '{spaceOption}'"));
            }

            metadata["namespace"] ??= spaceOption ?? NamespaceOptions.Default;
        }

        return Checked(document, ResourceTypes.Deployments, DeploymentValidator.Validate);
    }

    private static Outcome<Manifest> Device(SourceDocument document) => Checked(document, ResourceTypes.Devices, DeviceValidator.Validate);

    private static Outcome<Manifest> Checked<T>(SourceDocument document, ResourceType<T> type, Func<T, ImmutableArray<FieldError>> validate)
        where T : class, IResource
    {
        // The operator writes it; a resource that was read and is applied again may carry it.
        document.Content.Remove("status");
        if (ContractCheck.Run(document.Content, type.Json) is { Count: > 0 } shape)
        {
            return Wrong(document, [.. shape]);
        }

        if (NullRules.Check(document.Content) is { IsEmpty: false } nulls)
        {
            return Wrong(document, nulls.AsSpan());
        }

        RemoveNulls(document.Content);
        try
        {
            // Numbers as somebody wrote them were for the messages: what is sent is plain JSON.
            var json = document.Content.ToJsonString();
            var resource = JsonSerializer.Deserialize(json, type.Json)!;
            var errors = validate(resource);
            return errors.Length > 0 ? Wrong(document, errors.AsSpan()) : new Manifest(document.Origin, resource, JsonNode.Parse(json)!.AsObject());
        }
        catch (JsonException error)
        {
            return Fault.Invalid($"{document.Origin}: {JsonProblem.Of(error)}");
        }
    }

    /// <summary>Null is the same as left out, as in Kubernetes; the contracts' JSON knows it for fewer fields. A selector is judged with its nulls.</summary>
    private static void RemoveNulls(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            list.ToList().ForEach(RemoveNulls);
        }
        else if (node is JsonObject mapping)
        {
            foreach (var (name, value) in mapping.Where(member => member.Key != "targetSelector").ToList())
            {
                RemoveNulls(value);
                if (value is null)
                {
                    mapping.Remove(name);
                }
            }
        }
    }

    private static Fault Wrong(SourceDocument document, params ReadOnlySpan<FieldError> errors) =>
        Fault.Invalid($"{document.Origin}: {string.Join("; ", errors.ToArray().Select(error => error.ToString()))}");
}

/// <summary>A resource to apply, checked.</summary>
/// <param name="Origin">Where it was read.</param>
/// <param name="Resource">Typed: a <see cref="Deployment"/> or a <see cref="Device"/>.</param>
/// <param name="Content">What is sent.</param>
internal sealed record Manifest(string Origin, IResource Resource, JsonObject Content)
{
    /// <summary>Whether it selects every device there is.</summary>
    public bool IsForAllDevices => Content["spec"]?["targetSelector"] is JsonObject selector
        && selector["matchLabels"] is null or JsonObject { Count: 0 } && selector["matchExpressions"] is null or JsonArray { Count: 0 };

    /// <summary>How it is named in prose: <c>deployment default/hello</c>.</summary>
    public string Title => $"{Resource.Kind.ToLowerInvariant()} {(Resource.Metadata.Namespace is { } space ? $"{space}/" : string.Empty)}{Resource.Metadata.Name}";
}
