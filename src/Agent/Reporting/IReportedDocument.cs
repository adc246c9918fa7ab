using Harmony.Fleet.Agent.Timing;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>A document of the device that is kept current on the bus.</summary>
internal interface IReportedDocument
{
    /// <summary>The bucket.</summary>
    string Bucket { get; }

    /// <summary>What its MAC says that it is.</summary>
    string Kind { get; }

    /// <summary>Says that it changed.</summary>
    AutoResetSignal Changed { get; }

    /// <summary>How long changes are gathered.</summary>
    TimeSpan Delay { get; }

    /// <summary>The document as it is now.</summary>
    ValueTask<byte[]> WriteAsync(CancellationToken cancellationToken);

    /// <summary>The document that was written last is stored.</summary>
    void Stored();
}
