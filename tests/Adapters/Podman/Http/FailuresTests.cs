using System.Net;
using System.Text.Json;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Adapters.Podman.Json;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Tests.Adapters.Podman.Http;

/// <summary>Podman's own words, taken down from 4.3.1 and 5, and what they mean.</summary>
public sealed class FailuresTests
{
    [Theory]
    [InlineData("creating container storage: the container name \"a\" is already in use by 22e5. You have to remove that container to be able to reuse that name: that name is already in use", FaultKind.Conflict)]
    [InlineData("localhost/nope:1: image not known", FaultKind.Permanent)]
    [InlineData("creating named volume \"a b\": running volume create option: names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument", FaultKind.Permanent)]
    [InlineData("invalid container path \"v\", must be an absolute path", FaultKind.Permanent)]
    [InlineData("no container with name or ID \"zz\" found: no such container", FaultKind.NotFound)]
    [InlineData("runc: runc create failed: unable to start container process: exec: \"/nope\": stat /nope: no such file or directory: OCI runtime attempted to invoke a command that was not found", FaultKind.Permanent)]
    [InlineData("crun: executable file `nope` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found", FaultKind.Permanent)]
    [InlineData("writing blob: storing blob to file: write /var/tmp/x: no space left on device", FaultKind.Transient)]
    [InlineData("something that nobody knows", FaultKind.Transient)]
    public void Of_PodmansWords_IsTheKind(string message, FaultKind kind)
    {
        var failure = Failures.Of(Answer(HttpStatusCode.InternalServerError, message));

        failure.Kind.ShouldBe(kind);
        failure.What.ShouldBe(message);
    }

    [Theory]
    [InlineData("cannot listen on the TCP port: listen tcp4 :18082: bind: address already in use", "port 18082/tcp of the device is in use by another program: free it, or choose another host port")]
    [InlineData("cannot listen on the UDP port: listen udp4 127.0.0.1:53: bind: address already in use", "port 53/udp of the device is in use by another program: free it, or choose another host port")]
    [InlineData("rootlessport listen tcp 0.0.0.0:8080: bind: address already in use", "port 8080/tcp of the device is in use by another program: free it, or choose another host port")]
    [InlineData("cannot listen on the TCP port: listen tcp6 [::1]:80: bind: cannot assign requested address", "port 80/tcp cannot be published: the device has no address [::1]")]
    public void Of_APortThatCannotBeHad_IsTransientAndNamesIt(string message, string sentence) =>
        Failures.Of(Answer(HttpStatusCode.InternalServerError, message)).ShouldBe(new Fault(FaultKind.Transient, sentence));

    [Fact]
    public void Of_AMissingBindSource_IsPermanentAndNamesIt() =>
        Failures.Of(Answer(HttpStatusCode.InternalServerError, "statfs /data/a b: no such file or directory"))
            .ShouldBe(new Fault(FaultKind.Permanent, "/data/a b does not exist on the device: make it, or mount something else"));

    [Theory]
    [InlineData(HttpStatusCode.NotFound, FaultKind.NotFound)]
    [InlineData(HttpStatusCode.Conflict, FaultKind.Conflict)]
    [InlineData(HttpStatusCode.BadRequest, FaultKind.Permanent)]
    [InlineData(HttpStatusCode.ServiceUnavailable, FaultKind.Transient)]
    public void Of_AStatusWithoutWords_IsTheStatus(HttpStatusCode status, FaultKind kind)
    {
        var failure = Failures.Of(new Answer(status, "<html>"u8.ToArray()));

        failure.Kind.ShouldBe(kind);
        failure.What.ShouldBe($"podman answered with status {(int)status}");
    }

    [Fact]
    public void OneLine_OfLongTextWithControls_IsShortAndPrintable()
    {
        Failures.OneLine("a\nb\u001b[31mc\0").ShouldBe(@"a b\u001b[31mc\u0000");
        Failures.OneLine(new string('x', 5000)).Length.ShouldBe(ResponseLimits.MessageChars);
        Failures.OneLine(new string('x', ResponseLimits.MessageChars - 1) + "🐙").ShouldBe(new string('x', ResponseLimits.MessageChars - 1));
        Failures.OneLine(string.Empty).ShouldBeEmpty();
    }

    private static Answer Answer(HttpStatusCode status, string message) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(new PodmanError(null, message), PodmanJson.Default.PodmanError));
}
