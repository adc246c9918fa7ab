using System.Runtime.InteropServices;

namespace Harmony.Fleet.Bench.Engine;

/// <summary>What a store or a bus holds for each device, outside of the memory that is measured.</summary>
internal sealed unsafe class NativeTexts(int count)
{
    private readonly (nint At, int Length)[] texts = new (nint, int)[count];

    public ReadOnlySpan<byte> this[int number] => new((void*)texts[number].At, texts[number].Length);

    public void Put(int number, ReadOnlySpan<byte> text)
    {
        var at = NativeMemory.Realloc((void*)texts[number].At, (nuint)text.Length);
        text.CopyTo(new Span<byte>(at, text.Length));
        texts[number] = ((nint)at, text.Length);
    }
}
