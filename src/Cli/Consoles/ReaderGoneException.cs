namespace Harmony.Fleet.Cli.Consoles;

/// <summary>Whoever read our stdout reads no more (<c>fleet get devices -w | head -n 1</c>): there is nothing left to do, and nothing failed.</summary>
internal sealed class ReaderGoneException() : IOException("Nobody reads stdout any more.");
