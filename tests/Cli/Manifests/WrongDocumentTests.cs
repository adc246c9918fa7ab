using System.Text;
using Harmony.Fleet.Cli.Manifests;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Cli.Manifests;

/// <summary>Whatever is wrong with a document is told in the words of its fields, and never by the name of a type of this program.</summary>
public sealed class WrongDocumentTests
{
    [Fact]
    public void Document_WithAnyOtherKindOfValueAnywhere_NamesNoType()
    {
        var refused = 0;
        foreach (var json in BrokenDeployments.All())
        {
            var loaded = JsonLoader.Load(Encoding.UTF8.GetBytes(json), "web.json");
            loaded.IsOk.ShouldBeTrue(json);
            if (new ManifestReader(spaceOption: null).Read(new SourceDocument("web.json", loaded.Value![0]!.AsObject())) is { IsOk: false, Fault: var fault })
            {
                refused++;
                $"{fault}".ShouldStartWith("web.json: ");
                foreach (var name in (string[])["System.", "Harmony.", ".NET"])
                {
                    $"{fault}".ShouldNotContain(name, Case.Sensitive, json);
                }
            }
        }

        refused.ShouldBeGreaterThan(100);
    }

    /// <summary>A time that only this program would take for one.</summary>
    [Fact]
    public void Time_InAnotherForm_IsToldByItsPath()
    {
        var document = JsonLoader.Load("""{"apiVersion":"fleet.nationtech.io/v1alpha1","kind":"Device","metadata":{"name":"pi-1","creationTimestamp":"2026/11/21"},"spec":{}}"""u8, "pi.json").Value![0]!.AsObject();

        $"{new ManifestReader(spaceOption: null).Read(new SourceDocument("pi.json", document)).Fault}".ShouldBe("pi.json: metadata.creationTimestamp: The JSON value is no RFC 3339 time");
    }
}
