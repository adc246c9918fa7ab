using Harmony.Fleet.Agent.Manifests;
using Harmony.Fleet.Agent.Reconciling;
using Harmony.Fleet.Agent.Scores;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>What a report is made of.</summary>
/// <param name="Keeper">The manifest.</param>
/// <param name="Shelf">Its scores.</param>
/// <param name="Board">How far each deployment is.</param>
internal sealed record ReportSources(ManifestKeeper Keeper, ScoreShelf Shelf, StatusBoard Board);
