using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;

namespace Harmony.Fleet.Tests.Cli.Output;

public sealed class TableTests
{
    private static readonly CliConsole Plain = new(TextWriter.Null, TextWriter.Null, Stream.Null);

    private static readonly CliConsole Colours = new(TextWriter.Null, TextWriter.Null, Stream.Null) { IsOutTerminal = true, AllowsColor = true };

    private static readonly ColumnShape[] Shapes =
        [new("NAME") { Least = 8, CutsMiddle = true }, new("N") { IsNumber = true }, new("OS") { Rank = 2, Least = 6 }, new("AGE") { Rank = 1 }];

    [Fact]
    public void Rows_StandUnderTheirHeadings_AndNumbersAtTheRight() => Lines(0, ["NAME", new("N") { IsNumber = true }, "X"], ["a-long-name", "1", "x"], ["b", "222", ""])
        .ShouldBe(["NAME           N  X", "a-long-name    1  x", "b            222"]);

    [Theory]
    [InlineData(0, "NAME          N  OS             AGE", "device-00001  7  Debian GNU 12  3h")]
    [InlineData(35, "NAME          N  OS             AGE", "device-00001  7  Debian GNU 12  3h")]
    [InlineData(34, "NAME          N  OS            AGE", "device-00001  7  Debian GNU …  3h")]
    [InlineData(28, "NAME          N  OS      AGE", "device-00001  7  Debia…  3h")]
    [InlineData(24, "NAME      N  OS      AGE", "dev…0001  7  Debia…  3h")]
    [InlineData(23, "NAME          N  AGE", "device-00001  7  3h")]
    [InlineData(15, "NAME          N", "device-00001  7")]
    [InlineData(13, "NAME        N", "devi…00001  7")]
    [InlineData(5, "NAME", "de…01")]
    public void Table_OnANarrowTerminal_ShortensThenLeavesOut(int width, string header, string row)
    {
        var lines = Lines(width, Shapes, ["device-00001", "7", "Debian GNU 12", "3h"]);
        lines.ShouldAllBe(line => width == 0 || line.Length <= width);
        lines.ShouldBe([header, row]);
    }

    [Fact]
    public void Characters_ThatAreWideOrCombine_CountAsTheyAreShown() => Lines(0, ["日本", "N"], ["é", "1"], ["e\u0301e\u0301", "2"], ["🚀", "3"])
        .ShouldBe(["日本  N", "é     1", "e\u0301e\u0301    2", "🚀    3"]);

    [Fact]
    public void Colours_DoNotCountAsWidth()
    {
        var table = new Table(["S", "N"]);
        Cell[] row = [new Cell("ok", Color.Green), "1"];
        table.Fit(row);
        table.Line(row, Colours, 6).ShouldBe("\e[32mok\e[0m  1");
    }

    [Fact]
    public void Cell_WithEscapeSequences_IsShownWithoutThem() => Lines(0, ["S"], ["\e[2J"]).ShouldBe(["S", @"\u001b[2J"]);

    private static List<string> Lines(int width, ColumnShape[] shapes, params Cell[][] rows)
    {
        var table = new Table(shapes);
        rows.ToList().ForEach(table.Fit);
        return [table.Header(Plain, width), .. rows.Select(row => table.Line(row, Plain, width))];
    }
}
