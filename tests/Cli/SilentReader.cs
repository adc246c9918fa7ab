namespace Harmony.Fleet.Tests.Cli;

/// <summary>A terminal at which nobody types: a read ends with the call that was made.</summary>
internal sealed class SilentReader : TextReader
{
    private readonly ManualResetEventSlim ended = new();

    public override int Read()
    {
        ended.Wait();
        return -1;
    }

    public override int Read(Span<char> buffer)
    {
        ended.Wait();
        return 0;
    }

    public override string? ReadLine()
    {
        ended.Wait();
        return null;
    }

    protected override void Dispose(bool disposing)
    {
        ended.Set();
        base.Dispose(disposing);
    }
}
