using System.Security.Cryptography;
using Harmony.Fleet.Deploy.Backups;

namespace Harmony.Fleet.Tests.Deploy.Backups;

public sealed class BackupSealTests
{
    private const string Passphrase = "correct horse battery";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(BackupSeal.PieceBytes - 1)]
    [InlineData(BackupSeal.PieceBytes)]
    [InlineData(BackupSeal.PieceBytes + 1)]
    [InlineData(3 * BackupSeal.PieceBytes)]
    public void WhatWasWritten_IsRead(int length)
    {
        var plain = RandomNumberGenerator.GetBytes(length);
        Open(Sealed(plain), length).ShouldBe(plain);
    }

    [Fact]
    public void AnotherPassphrase_OpensNothing() => Should.Throw<AuthenticationTagMismatchException>(() => Open(Sealed(new byte[100]), 100, "another one"));

    /// <summary>Each byte of header and pieces counts; of the long middle only some are tried.</summary>
    [Fact]
    public void AnyByteChanged_OpensNotToTheEnd()
    {
        var whole = Sealed(new byte[BackupSeal.PieceBytes + 500]);
        foreach (var at in Enumerable.Range(0, 64).Concat([1_000, BackupSeal.PieceBytes - 1, BackupSeal.PieceBytes + BackupSeal.HeaderBytes]).Append(whole.Length - 1))
        {
            var changed = whole.ToArray();
            changed[at] ^= 1;
            if (at is >= 10 and < 14)
            {
                continue; // The number of iterations: another key, or one that takes long to find out.
            }

            Fails(changed, BackupSeal.PieceBytes + 500).ShouldBeTrue($"byte {at}");
        }
    }

    [Fact]
    public void AnyEndCutOff_OpensNotToTheEnd()
    {
        var (one, length) = (BackupSeal.PieceBytes + BackupSeal.TagBytes, 2 * BackupSeal.PieceBytes);
        var whole = Sealed(new byte[length]);
        foreach (var left in (int[])[0, 5, BackupSeal.HeaderBytes, BackupSeal.HeaderBytes + 10, BackupSeal.HeaderBytes + one - 1, BackupSeal.HeaderBytes + one, BackupSeal.HeaderBytes + one + 17, whole.Length - 1])
        {
            Fails(whole[..left], length).ShouldBeTrue($"{left} bytes are left");
            Fails(whole[..left], Math.Min(length, BackupSeal.PieceBytes)).ShouldBeTrue($"{left} bytes are left, and fewer asked for");
        }
    }

    [Fact]
    public void PiecesInAnotherOrder_OpenNot()
    {
        var piece = BackupSeal.PieceBytes + BackupSeal.TagBytes;
        var whole = Sealed(new byte[3 * BackupSeal.PieceBytes]);
        byte[] swapped = [.. whole[..BackupSeal.HeaderBytes], .. whole[(BackupSeal.HeaderBytes + piece)..(BackupSeal.HeaderBytes + (2 * piece))], .. whole[BackupSeal.HeaderBytes..(BackupSeal.HeaderBytes + piece)], .. whole[^piece..]];
        Fails(swapped, 3 * BackupSeal.PieceBytes).ShouldBeTrue();
    }

    private static byte[] Sealed(byte[] plain)
    {
        using var target = new MemoryStream();
        using var writer = new BackupWriter(target, Passphrase, BackupSeal.NewHeader(iterations: 10));
        writer.Write(plain);
        writer.End();
        return target.ToArray();
    }

    private static bool Fails(byte[] bytes, int length)
    {
        try
        {
            return Open(bytes, length) is null;
        }
        catch (AuthenticationTagMismatchException)
        {
            return true;
        }
    }

    private static byte[]? Open(byte[] bytes, int length, string passphrase = Passphrase)
    {
        using var source = new MemoryStream(bytes);
        var (reader, problem) = BackupReader.Open(source, passphrase);
        if (problem is not null)
        {
            return null;
        }

        using (reader)
        {
            var plain = new byte[length];
            reader!.ReadExactly(plain);
            reader.IsAtEnd().ShouldBeTrue();
            return plain;
        }
    }
}
