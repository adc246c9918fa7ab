using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Tests.Adapters.Nats.Protocol;

public sealed class ServerErrorTests
{
    [Theory]
    [InlineData("Permissions Violation for Publish to \"a.b\"", ServerErrorKind.PublishDenied, "a.b", true)]
    [InlineData("Permissions Violation for Subscription to \"a.>\" using queue \"q\"", ServerErrorKind.SubscribeDenied, "a.>", true)]
    [InlineData("permissions violation for publish to \"unterminated", ServerErrorKind.PublishDenied, null, true)]
    [InlineData("Invalid Subject", ServerErrorKind.InvalidSubject, null, true)]
    [InlineData("maximum subscriptions exceeded", ServerErrorKind.TooManySubscriptions, null, true)]
    [InlineData("Authorization Violation", ServerErrorKind.AuthorizationViolation, null, false)]
    [InlineData("User Authentication Expired", ServerErrorKind.AuthenticationExpired, null, false)]
    [InlineData("Account Authentication Expired", ServerErrorKind.AuthenticationExpired, null, false)]
    [InlineData("Stale Connection", ServerErrorKind.StaleConnection, null, false)]
    [InlineData("Maximum Payload Violation", ServerErrorKind.PayloadTooLarge, null, false)]
    [InlineData("Unknown Protocol Operation", ServerErrorKind.ProtocolViolation, null, false)]
    [InlineData("", ServerErrorKind.Unknown, null, false)]
    [InlineData("whatever comes next", ServerErrorKind.Unknown, null, false)]
    public void Parse_OfTheServersWords_KnowsWhatTheyMean(string message, ServerErrorKind kind, string? subject, bool harmless)
    {
        var error = ServerError.Parse(message);

        error.ShouldBe(new ServerError(kind, subject, message));
        error.IsHarmless.ShouldBe(harmless);
    }
}
