namespace Harmony.Fleet.Operator.Control.Informers;

internal sealed partial class ResourceInformer<T>
{
    [LoggerMessage(2011, LogLevel.Warning, "Could not list {Plural}; trying again: {Outcome}")]
    private static partial void LogNotListed(ILogger logger, string plural, object outcome);

    [LoggerMessage(2012, LogLevel.Information, "The watch of {Plural} is too old; listing again: {Reason}")]
    private static partial void LogWatchGone(ILogger logger, string plural, string reason);

    [LoggerMessage(2013, LogLevel.Error, "Some {Plural} are stored and cannot be read: what stands of them stays until they are deleted ({Count}): {Unreadable}")]
    private static partial void LogUnreadable(ILogger logger, string plural, int count, string unreadable);
}
