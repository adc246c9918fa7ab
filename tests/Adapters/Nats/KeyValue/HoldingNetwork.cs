using System.Net;
using System.Net.Sockets;
using System.Text;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.KeyValue;

/// <summary>A network before a server that holds what connections have sent, and lets it arrive later, when they are long gone.</summary>
internal sealed class HoldingNetwork : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<Line> lines = [];
    private readonly int server;

    public HoldingNetwork(NatsServer server)
    {
        this.server = server.Port;
        listener.Start();
        _ = AcceptAsync();
    }

    public string Url => $"nats://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>What the present connections send from now on stays here.</summary>
    public void Hold() => ForEach(line => line.IsHeld = true);

    /// <summary>The clients' ends of what is held are gone; the server does not know.</summary>
    public void Cut() => ForEach(line => line.Client.Dispose());

    /// <summary>What was held arrives now. Gives back what the server answers, up to <paramref name="last"/>.</summary>
    public async Task<string> ReleaseAsync(string last)
    {
        var held = lines.Single(line => line.IsHeld);
        await held.ReleaseAsync();
        await Eventually.HoldsAsync(() => held.Answers.Contains(last, StringComparison.Ordinal), $"the server answers {last}");
        return held.Answers;
    }

    public void Dispose()
    {
        listener.Dispose();
        ForEach(line => line.Dispose());
    }

    private void ForEach(Action<Line> action)
    {
        lock (lines)
        {
            lines.ForEach(action);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                var line = new Line(client, server);
                lock (lines)
                {
                    lines.Add(line);
                }
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private sealed class Line : IDisposable
    {
        private readonly TcpClient server = new();
        private readonly MemoryStream held = new();
        private readonly StringBuilder answers = new();

        public Line(TcpClient client, int port)
        {
            Client = client;
            server.Connect(IPAddress.Loopback, port);
            _ = SendAsync();
            _ = ReceiveAsync();
        }

        public TcpClient Client { get; }

        public bool IsHeld { get; set; }

        public string Answers
        {
            get
            {
                lock (answers)
                {
                    return answers.ToString();
                }
            }
        }

        public async Task ReleaseAsync() => await server.GetStream().WriteAsync(held.ToArray());

        public void Dispose()
        {
            Client.Dispose();
            server.Dispose();
        }

        private async Task SendAsync()
        {
            var buffer = new byte[64 * 1024];
            try
            {
                while (await Client.GetStream().ReadAsync(buffer) is > 0 and var count)
                {
                    await (IsHeld ? (Stream)held : server.GetStream()).WriteAsync(buffer.AsMemory(0, count));
                }
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The client is gone. Its bytes are here.
            }
        }

        private async Task ReceiveAsync()
        {
            var buffer = new byte[64 * 1024];
            try
            {
                while (await server.GetStream().ReadAsync(buffer) is > 0 and var count)
                {
                    lock (answers)
                    {
                        answers.Append(Encoding.UTF8.GetString(buffer, 0, count));
                    }

                    if (!IsHeld)
                    {
                        await Client.GetStream().WriteAsync(buffer.AsMemory(0, count));
                    }
                }
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // One of the two is gone.
            }
        }
    }
}
