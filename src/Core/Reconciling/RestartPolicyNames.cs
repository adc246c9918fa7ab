using Harmony.Fleet.Contracts.Scores;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>Restart policies in podman's words.</summary>
public static class RestartPolicyNames
{
    /// <summary>It is not started again.</summary>
    public const string No = "no";

    /// <summary>The word for <paramref name="policy"/>.</summary>
    public static string Of(RestartPolicy policy) => policy switch
    {
        RestartPolicy.OnFailure => "on-failure",
        RestartPolicy.Never => No,
        _ => "always",
    };

    /// <summary>The policy that podman's <paramref name="word"/> means; Never for one that is not known.</summary>
    public static RestartPolicy Read(string word) => word switch
    {
        "always" or "unless-stopped" => RestartPolicy.Always,
        "on-failure" => RestartPolicy.OnFailure,
        _ => RestartPolicy.Never,
    };
}
