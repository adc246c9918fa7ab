namespace Harmony.Fleet.Deploy.Processes;

/// <summary>The signals in use, by their number on Linux.</summary>
internal enum Signal
{
    /// <summary>Only asks whether the process is there.</summary>
    None = 0,

    /// <summary>Read the configuration again.</summary>
    Hangup = 1,

    /// <summary>End at once.</summary>
    Kill = 9,

    /// <summary>End in good order.</summary>
    Terminate = 15,
}
