using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Aggregation;

/// <summary>Which deployment, in which version: what a manifest names and a report must repeat to count.</summary>
/// <param name="Uid">The resource's uid.</param>
/// <param name="ScoreDigest">The digest of its plain score.</param>
public sealed record ScoreIdentity(string Uid, Digest ScoreDigest);
