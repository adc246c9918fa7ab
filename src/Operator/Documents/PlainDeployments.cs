using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Operator.Documents;

/// <summary>Reads the deployments of a report, and looks at their containers.</summary>
internal static class PlainDeployments
{
    private const uint Required = (1 << (int)Field.Namespace) | (1 << (int)Field.Name) | (1 << (int)Field.Uid) | (1 << (int)Field.ScoreDigest) | (1 << (int)Field.Phase);
    private const uint RequiredOfContainers = (1 << (int)ContainerField.Name) | (1 << (int)ContainerField.Id) | (1 << (int)ContainerField.State);
    private static readonly byte[][] Names = PlainJson.NamesOf<Field>();
    private static readonly byte[][] ContainerNames = PlainJson.NamesOf<ContainerField>();
    private static readonly string[] Phases = Enum.GetNames<Phase>();

    private enum Field
    {
        Namespace,
        Name,
        Uid,
        ScoreDigest,
        Phase,
        Completed,
        Since,
        Containers,
        LastError,
    }

    private enum ContainerField
    {
        Name,
        Id,
        State,
        Restarts,
        StartedAt,
        ExitCode,
    }

    /// <summary>The array that <paramref name="json"/> stands at.</summary>
    public static ImmutableArray<DeploymentReport> Read(ref PlainJson json)
    {
        json.BeginArray();
        var deployments = ImmutableArray.CreateBuilder<DeploymentReport>();
        while (json.NextElement())
        {
            deployments.Add(ReadOne(ref json));
        }

        return deployments.DrainToImmutable();
    }

    private static DeploymentReport ReadOne(ref PlainJson json)
    {
        json.BeginObject();
        var (seen, space, name, uid, digest) = (0u, default(NamespaceName), default(DeploymentName), string.Empty, default(Digest));
        var (phase, completed, since, error) = (Phase.Unknown, false, default(DateTimeOffset), (string?)null);
        for (int field; (field = json.NextField(Names, ref seen)) != PlainJson.End;)
        {
            switch ((Field)field)
            {
                case Field.Namespace:
                    space = json.Name<NamespaceName>();
                    break;
                case Field.Name:
                    name = json.Name<DeploymentName>();
                    break;
                case Field.Uid:
                    uid = json.Shared();
                    break;
                case Field.ScoreDigest:
                    digest = json.Name<Digest>();
                    break;
                case Field.Phase:
                    phase = (Phase)json.WordOf(Phases);
                    break;
                case Field.Completed:
                    completed = json.Truth();
                    break;
                case Field.Since:
                    since = json.Time();
                    break;
                case Field.Containers:
                    LookAtContainers(ref json);
                    break;
                default:
                    error = json.IsNull() ? null : json.Text();
                    break;
            }
        }

        json.Demand((seen & Required) == Required);
        return new() { Namespace = space, Name = name, Uid = uid, ScoreDigest = digest, Phase = phase, Completed = completed, Since = since, LastError = error };
    }

    private static void LookAtContainers(ref PlainJson json)
    {
        json.BeginArray();
        while (json.NextElement())
        {
            json.BeginObject();
            var seen = 0u;
            for (int field; (field = json.NextField(ContainerNames, ref seen)) != PlainJson.End;)
            {
                LookAt((ContainerField)field, ref json);
            }

            json.Demand((seen & RequiredOfContainers) == RequiredOfContainers);
        }
    }

    private static void LookAt(ContainerField field, ref PlainJson json)
    {
        switch (field)
        {
            case ContainerField.Restarts:
                json.Whole32();
                break;
            case ContainerField.StartedAt when !json.IsNull():
                json.Time();
                break;
            case ContainerField.ExitCode when !json.IsNull():
                json.Whole32();
                break;
            case ContainerField.Name or ContainerField.Id or ContainerField.State:
                json.Word();
                break;
            default:
                break;
        }
    }
}
