using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Harmony.Fleet.Deploy.Backups;

/// <summary>
/// How a backup is encrypted: a header, then pieces of 1 MiB, each with AES-256-GCM. The key is PBKDF2-HMAC-SHA512 of the passphrase and the header's
/// salt, made for this file alone; the nonce is the piece's number and whether it is the last one; the header is authenticated with each. So pieces that
/// are missing, doubled, in another order or of another file open no more than pieces that were changed.
/// </summary>
internal static class BackupSeal
{
    /// <summary>The most that a piece holds.</summary>
    public const int PieceBytes = 1024 * 1024;

    /// <summary>The bytes of a piece's tag.</summary>
    public const int TagBytes = 16;

    /// <summary>The bytes of the header: magic, version, way to the key, its iterations, its salt.</summary>
    public const int HeaderBytes = 8 + 1 + 1 + 4 + SaltBytes;

    private const int SaltBytes = 16;
    private const int Iterations = 600_000;
    private const int MaxIterations = 10_000_000;
    private const byte Version = 1;
    private const byte Pbkdf2Sha512 = 1;

    private static ReadOnlySpan<byte> Magic => "HFBACKUP"u8;

    /// <summary>A new header.</summary>
    public static byte[] NewHeader(int iterations = Iterations)
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        (header[8], header[9]) = (Version, Pbkdf2Sha512);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(10), iterations);
        RandomNumberGenerator.Fill(header.AsSpan(14));
        return header;
    }

    /// <summary>Why a header cannot be used; null where it can.</summary>
    public static string? Problem(ReadOnlySpan<byte> header) =>
        header.Length < HeaderBytes || !header.StartsWith(Magic) ? "is no backup of a fleet"
        : header[8] != Version || header[9] != Pbkdf2Sha512 ? $"is a backup of a newer kind ({header[8]}.{header[9]}) than this version knows"
        : BinaryPrimitives.ReadInt32BigEndian(header[10..]) is < 1 or > MaxIterations ? "has a header that makes no sense"
        : null;

    /// <summary>The cipher of a header and a passphrase.</summary>
    public static AesGcm Cipher(ReadOnlySpan<byte> header, string passphrase)
    {
        Span<byte> key = stackalloc byte[32];
        Rfc2898DeriveBytes.Pbkdf2(passphrase, header[14..HeaderBytes], key, BinaryPrimitives.ReadInt32BigEndian(header[10..]), HashAlgorithmName.SHA512);
        var cipher = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }

    /// <summary>The nonce of a piece.</summary>
    public static void Nonce(Span<byte> nonce, long number, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce, number);
        nonce[11] = isLast ? (byte)1 : (byte)0;
    }
}

/// <summary>Encrypts what is written.</summary>
internal sealed class BackupWriter : IDisposable
{
    private readonly byte[] header;
    private readonly byte[] piece = new byte[BackupSeal.PieceBytes];
    private readonly byte[] cipherText = new byte[BackupSeal.PieceBytes + BackupSeal.TagBytes];
    private readonly AesGcm cipher;
    private readonly Stream target;
    private int filled;
    private long number;

    public BackupWriter(Stream target, string passphrase, byte[]? header = null)
    {
        this.target = target;
        this.header = header ?? BackupSeal.NewHeader();
        cipher = BackupSeal.Cipher(this.header, passphrase);
        target.Write(this.header);
    }

    /// <summary>Writes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            // A full piece waits until there is more: only the last one may not be full, and it is marked.
            if (filled == piece.Length)
            {
                Flush(isLast: false);
            }

            var taken = Math.Min(bytes.Length, piece.Length - filled);
            bytes[..taken].CopyTo(piece.AsSpan(filled));
            filled += taken;
            bytes = bytes[taken..];
        }
    }

    /// <summary>Nothing more comes.</summary>
    public void End() => Flush(isLast: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        cipher.Dispose();
        CryptographicOperations.ZeroMemory(piece);
    }

    private void Flush(bool isLast)
    {
        Span<byte> nonce = stackalloc byte[12];
        BackupSeal.Nonce(nonce, number++, isLast);
        cipher.Encrypt(nonce, piece.AsSpan(0, filled), cipherText.AsSpan(0, filled), cipherText.AsSpan(filled, BackupSeal.TagBytes), header);
        target.Write(cipherText, 0, filled + BackupSeal.TagBytes);
        filled = 0;
    }
}

/// <summary>Decrypts what is read. What it gives was authenticated; that it is all of it, is known at its end.</summary>
internal sealed class BackupReader : IDisposable
{
    private readonly byte[] header;
    private readonly byte[] next = new byte[BackupSeal.PieceBytes + BackupSeal.TagBytes];
    private readonly byte[] plain = new byte[BackupSeal.PieceBytes];
    private readonly AesGcm cipher;
    private readonly Stream source;
    private int waiting;
    private int start;
    private int end;
    private long number;
    private bool isLast;

    private BackupReader(Stream source, byte[] header, string passphrase)
    {
        (this.source, this.header) = (source, header);
        cipher = BackupSeal.Cipher(header, passphrase);
        waiting = source.ReadAtLeast(next, next.Length, throwOnEndOfStream: false);
    }

    /// <summary>Begins.</summary>
    /// <returns>A reader; or what is wrong with the file.</returns>
    public static (BackupReader? Reader, string? Problem) Open(Stream source, string passphrase)
    {
        var head = new byte[BackupSeal.HeaderBytes];
        var read = source.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return BackupSeal.Problem(head.AsSpan(0, read)) is { } problem ? (null, problem) : (new BackupReader(source, head, passphrase), null);
    }

    /// <summary>Fills <paramref name="bytes"/>.</summary>
    /// <exception cref="AuthenticationTagMismatchException">It is not what was written with this passphrase, or not all of it.</exception>
    public void ReadExactly(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (start == end)
            {
                Advance();
            }

            var taken = Math.Min(bytes.Length, end - start);
            plain.AsSpan(start, taken).CopyTo(bytes);
            start += taken;
            bytes = bytes[taken..];
        }
    }

    /// <summary>Whether all was read.</summary>
    /// <exception cref="AuthenticationTagMismatchException">Something is missing.</exception>
    public bool IsAtEnd()
    {
        while (start == end && !isLast)
        {
            Advance();
        }

        return start == end;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        cipher.Dispose();
        CryptographicOperations.ZeroMemory(plain);
    }

    private void Advance()
    {
        if (isLast || waiting < BackupSeal.TagBytes)
        {
            throw new AuthenticationTagMismatchException("It ends too early.");
        }

        // The last piece is the one after which nothing comes; one that was cut off there is not marked so.
        var present = next.AsSpan(0, waiting);
        var isFull = waiting == next.Length;
        Span<byte> nonce = stackalloc byte[12];
        var following = isFull ? source.ReadByte() : -1;
        BackupSeal.Nonce(nonce, number++, isLast = following < 0);
        (start, end) = (0, waiting - BackupSeal.TagBytes);
        cipher.Decrypt(nonce, present[..end], present[end..], plain.AsSpan(0, end), header);
        if (following >= 0)
        {
            next[0] = (byte)following;
            waiting = 1 + source.ReadAtLeast(next.AsSpan(1), next.Length - 1, throwOnEndOfStream: false);
        }
    }
}
