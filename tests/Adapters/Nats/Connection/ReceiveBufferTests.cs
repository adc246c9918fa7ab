using Harmony.Fleet.Adapters.Nats.Connection;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

public sealed class ReceiveBufferTests
{
    [Fact]
    public void MakeRoom_UnderAnyTraffic_KeepsWhatIsUnreadAndAlwaysHasRoom()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var buffer = new ReceiveBuffer();
            var (sent, read) = (0, 0);
            for (var step = 0; step < 100; step++)
            {
                var wanted = random.Next(4) == 0 ? random.Next(200_000) : 0;
                buffer.MakeRoom(wanted);
                buffer.Room.IsEmpty.ShouldBeFalse($"seed {seed}");
                (buffer.Unread.Length + buffer.Room.Length).ShouldBeGreaterThanOrEqualTo(wanted, $"seed {seed}");

                var count = Math.Min(buffer.Room.Length, random.Next(1, 30_000));
                Count(sent, count).CopyTo(buffer.Room.Span);
                sent += count;
                buffer.Received(count);

                var consumed = random.Next(3) == 0 ? buffer.Unread.Length : random.Next(buffer.Unread.Length + 1);
                buffer.Unread[..consumed].SequenceEqual(Count(read, consumed)).ShouldBeTrue($"seed {seed}");
                read += consumed;
                buffer.Consume(consumed);
            }
        }
    }

    [Fact]
    public void MakeRoom_AfterALargeFrame_ShrinksAgain()
    {
        var buffer = new ReceiveBuffer();
        var small = buffer.Capacity;
        buffer.MakeRoom(5_000_000);
        buffer.Capacity.ShouldBe(5_000_000);
        buffer.Received(5_000_000);
        buffer.Consume(5_000_000);

        buffer.MakeRoom(0);

        buffer.Capacity.ShouldBe(small);
    }

    private static ReadOnlySpan<byte> Count(int from, int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            bytes[i] = (byte)((from + i) % 251);
        }

        return bytes;
    }
}
