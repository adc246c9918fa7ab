namespace Harmony.Fleet.Tests.Adapters.Nats.Protocol;

/// <summary>Breaks bytes in the ways that a bad network, or a bad peer, does: flipped, dropped, doubled, cut, replaced by what the protocol likes.</summary>
internal static class Mutation
{
    private static readonly byte[] Favourites = [.. "\r\n\t -+:'0919MHIPsg\0"u8, 0x80, 0xff];

    public static byte[] Of(byte[] bytes, Random random)
    {
        var mutated = bytes.ToList();
        for (var changes = random.Next(1, 6); changes > 0 && mutated.Count > 0; changes--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(6))
            {
                case 0:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutated.RemoveAt(at);
                    break;
                case 2:
                    mutated.Insert(at, Favourites[random.Next(Favourites.Length)]);
                    break;
                case 3:
                    mutated[at] = Favourites[random.Next(Favourites.Length)];
                    break;
                case 4:
                    mutated.InsertRange(at, mutated.GetRange(at, random.Next(mutated.Count - at)));
                    break;
                default:
                    mutated.RemoveRange(at, mutated.Count - at);
                    break;
            }
        }

        return [.. mutated];
    }
}
