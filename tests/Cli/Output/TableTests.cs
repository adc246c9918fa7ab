using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;

namespace Harmony.Fleet.Tests.Cli.Output;

public sealed class TableTests
{
    private static readonly CliConsole Plain = new(TextWriter.Null, TextWriter.Null, Stream.Null);

    private static readonly CliConsole Colours = new(TextWriter.Null, TextWriter.Null, Stream.Null) { IsOutTerminal = true, AllowsColor = true };

    [Fact]
    public void Rows_StandUnderTheirHeadings()
    {
        var table = new Table(["NAME", "N"]);
        Cell[][] rows = [["a-long-name", "1"], ["b", "22"]];
        rows.ToList().ForEach(table.Fit);
        table.Header(Plain).ShouldBe("NAME          N");
        rows.Select(row => table.Line(row, Plain)).ShouldBe(["a-long-name   1", "b             22"]);
    }

    [Theory]
    [InlineData(8, "a-long-n")]
    [InlineData(12, "a-long-name")]
    [InlineData(15, "a-long-name   1")]
    public void Line_OnANarrowTerminal_IsCutAndNeverWraps(int width, string expected)
    {
        var table = new Table(["NAME", "N"]);
        Cell[] row = ["a-long-name", "123"];
        table.Fit(row);
        table.Line(row, Plain, width).ShouldBe(expected);
    }

    [Fact]
    public void Colours_DoNotCountAsWidth()
    {
        var table = new Table(["S", "N"]);
        Cell[] row = [new Cell("ok", Color.Green), "1"];
        table.Fit(row);
        table.Line(row, Colours, 6).ShouldBe("\e[32mok\e[0m   1");
    }

    [Fact]
    public void Cell_WithEscapeSequences_IsShownWithoutThem()
    {
        var table = new Table(["S"]);
        table.Line(["\e[2J"], Plain).ShouldBe("?[2J");
    }
}
