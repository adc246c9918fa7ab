using System.Text;

namespace Harmony.Fleet.Tests.Cli;

/// <summary>A writer that is read while it is written to.</summary>
internal sealed class SharedWriter : TextWriter
{
    private readonly StringBuilder text = new();

    public SharedWriter() => CoreNewLine = ['\n'];

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (text)
        {
            text.Append(value);
        }
    }

    public override void Write(string? value)
    {
        lock (text)
        {
            text.Append(value);
        }
    }

    public override string ToString()
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
