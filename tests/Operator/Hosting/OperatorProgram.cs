using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Operator.Hosting;

/// <summary>The operator as a real process with a folder of its own.</summary>
internal sealed class OperatorProgram : IAsyncDisposable
{
    public const string Token = "a-token-for-tests-only";
    private readonly RunningProgram program;

    private OperatorProgram(RunningProgram program) => this.program = program;

    /// <summary>The program, to be run by dotnet.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "Harmony.Fleet.Operator.dll");

    public int Id => program.Id;

    /// <summary>All that it wrote so far.</summary>
    public string Output => program.Output;

    /// <summary>Writes the files of an operator into <paramref name="folder"/>.</summary>
    /// <returns>The public key of its login to NATS.</returns>
    public static string Configure(TempFolder folder, string listen, string natsUrl)
    {
        using var login = NKeyPair.Create(NKeyKind.User);
        folder.Secret("token", Token);
        folder.Secret("master", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        folder.Secret("seed", login.RevealSeed());
        Configure(folder, listen, natsUrl, "operator.json");
        return login.PublicKey;
    }

    /// <summary>Writes another operator.json beside the same keys.</summary>
    public static void Configure(TempFolder folder, string listen, string natsUrl, string name) => File.WriteAllText(folder.File(name), $$"""
        {
          "dataDirectory": "data", "listen": "{{listen}}", "tokenFile": "token", "masterKeyFile": "master",
          "nats": { "url": "{{natsUrl}}", "nkeySeedFile": "seed" } // the bus
        }
        """);

    public static Task<OperatorProgram> StartAsync(TempFolder folder) => StartAsync("--config", folder.File("operator.json"));

    public static async Task<OperatorProgram> StartAsync(params string[] args) =>
        new(await RunAsync(args));

    /// <summary>Starts the program alone.</summary>
    public static Task<RunningProgram> RunAsync(params string[] args) =>
        RunningProgram.StartAsync(["dotnet", Program, .. args]);

    /// <summary>Copies the program with all that lies beside it, to be damaged there.</summary>
    /// <returns>The copy's folder.</returns>
    public static string CopyTo(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return folder;
    }

    /// <summary>A client of an operator that listens on <paramref name="listen"/>.</summary>
    public static HttpClient Client(string listen)
    {
        var path = listen.StartsWith("unix:", StringComparison.Ordinal) ? listen["unix:".Length..] : null;
        var handler = new SocketsHttpHandler();
        if (path is not null)
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        var client = new HttpClient(handler) { BaseAddress = new Uri(path is null ? listen : "http://localhost") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return client;
    }

    /// <summary>Waits until <paramref name="path"/> answers with 200.</summary>
    public Task AnswersAsync(HttpClient client, string path) => Eventually.HoldsAsync(
        async () =>
        {
            program.HasExited.ShouldBeFalse(Output);
            try
            {
                using var response = await client.GetAsync(path);
                return response.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        $"{path} answers 200; the operator said:\n{Output}");

    public Task<int> StopAsync(string signal = "TERM") => program.StopAsync(signal);

    public Task<int> EndAsync() => program.EndAsync();

    public ValueTask DisposeAsync() => program.DisposeAsync();
}
