namespace Harmony.Fleet.Core.Effects;

/// <summary>Where an effect is carried out. Each target has a limit of its own, so that none waits for another's answers.</summary>
public enum EffectTarget
{
    /// <summary>The store of resources.</summary>
    Store,

    /// <summary>The bus.</summary>
    Bus,

    /// <summary>The process itself, at once: nothing is brought back.</summary>
    Process,
}
