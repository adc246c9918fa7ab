namespace Harmony.Fleet.Operator.Control.Feeds;

internal sealed partial class ResourceFeed<T>
{
    [LoggerMessage(2011, LogLevel.Warning, "Could not list {Plural}; trying again: {Outcome}")]
    private static partial void LogNotListed(ILogger logger, string plural, object outcome);

    [LoggerMessage(2012, LogLevel.Information, "The watch of {Plural} is too old; listing again: {Reason}")]
    private static partial void LogWatchGone(ILogger logger, string plural, string reason);
}
