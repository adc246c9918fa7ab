using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Operator.Api;

/// <summary>What a user may write of a kind.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
internal interface IResourceRules<T>
    where T : class, IResource
{
    /// <summary>The resource as it is to be stored: what the user may not write is as it was.</summary>
    /// <param name="offered">What the user sent.</param>
    /// <param name="stored">What is stored; null where nothing is.</param>
    T Admit(T offered, T? stored);

    /// <summary>All that is wrong with an admitted resource.</summary>
    ImmutableArray<FieldError> Check(T resource);
}
