using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Applying;

/// <summary>A resource that was applied.</summary>
/// <param name="Verb">What became of it.</param>
/// <param name="Resource">As it is stored.</param>
internal sealed record Applied(ApplyVerb Verb, IResource Resource);
