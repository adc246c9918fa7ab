namespace Harmony.Fleet.Operator.Sessions;

/// <summary>A piece of a log.</summary>
/// <param name="IsError">Whether the container wrote it to stderr.</param>
/// <param name="Bytes">As the container wrote them: a piece may end within a line, and within a character.</param>
internal readonly record struct LogPiece(bool IsError, ReadOnlyMemory<byte> Bytes);
