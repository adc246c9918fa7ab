using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Containers;

/// <summary>The labels by which an agent knows its containers. Set by it alone.</summary>
public static class ContainerLabels
{
    /// <summary>The device's id: an agent touches only containers that carry its own.</summary>
    public const string Device = ApiGroup.LabelPrefix + "device";

    /// <summary>The deployment's namespace.</summary>
    public const string Namespace = ApiGroup.LabelPrefix + "namespace";

    /// <summary>The deployment's name.</summary>
    public const string Deployment = ApiGroup.LabelPrefix + "deployment";

    /// <summary>The container's name in the score.</summary>
    public const string Container = ApiGroup.LabelPrefix + "container";

    /// <summary>The deployment's uid.</summary>
    public const string Uid = ApiGroup.LabelPrefix + "uid";

    /// <summary>The digest of the score that it was made for.</summary>
    public const string ScoreDigest = ApiGroup.LabelPrefix + "score-digest";

    /// <summary>The image reference as the score gives it: a runtime shows it resolved, so that the two cannot be compared.</summary>
    public const string Image = ApiGroup.LabelPrefix + "image";

    /// <summary>The id of the image that it was made from, so that a moved tag does not restart it and a swapped image is seen.</summary>
    public const string ImageId = ApiGroup.LabelPrefix + "image-id";
}
