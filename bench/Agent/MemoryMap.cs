using System.Globalization;

namespace Harmony.Fleet.Bench.Agent;

/// <summary>Where a process' memory goes, by what is mapped there.</summary>
internal static class MemoryMap
{
    /// <summary>A line for each kind of mapping: resident, and what of it was written to.</summary>
    public static string Of(int process)
    {
        var binary = new FileInfo($"/proc/{process}/exe").ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var kinds = Mappings(process).GroupBy(mapping => Kind(mapping, binary)).OrderByDescending(kind => kind.Sum(mapping => mapping.Resident));
        return string.Join('\n', kinds.Select(kind => $"  {kind.Key,-45} {kind.Sum(mapping => mapping.Resident),7} KiB resident, {kind.Sum(mapping => mapping.Private),6} KiB private"));
    }

    private static string Kind(Mapping mapping, string binary) => mapping.Path switch
    {
        _ when mapping.Path == binary => mapping.Rights[1] == 'w' ? "the program's data" : mapping.Rights[2] == 'x' ? "the program's code" : "the program's tables and constants",
        "" when mapping.FollowsBinary => "the program's data", // What the file only tells the size of: types, made at the start from their packed form.
        "[heap]" => "C heap, of which OpenSSL has most",
        "" when mapping.IsThreadHeap => "C heap, of which OpenSSL has most",
        "[stack]" or "[vvar]" or "[vdso]" => "main stack",
        "" when mapping.IsStack => "threads' stacks",
        "" => "managed heap, with its bookkeeping",
        var path when path.Contains("ssl", StringComparison.Ordinal) || path.Contains("crypto", StringComparison.Ordinal) => "OpenSSL",
        var path when path.Contains(".so", StringComparison.Ordinal) => "C library and others",
        _ => "other files",
    };

    private static List<Mapping> Mappings(int process)
    {
        var mappings = new List<Mapping>();
        foreach (var line in File.ReadLines($"/proc/{process}/smaps"))
        {
            var words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (words[0].EndsWith(':'))
            {
                mappings[^1] = words[0] switch
                {
                    "Size:" => mappings[^1] with { Size = Number(words[1]) },
                    "Rss:" => mappings[^1] with { Resident = Number(words[1]) },
                    "Anonymous:" => mappings[^1] with { Private = Number(words[1]) },
                    _ => mappings[^1],
                };
            }
            else
            {
                var path = words.Length > 5 ? words[5] : string.Empty;
                var before = mappings.Count > 0 ? mappings[^1] : null;
                mappings.Add(new Mapping(path, words[1])
                {
                    FollowsBinary = before is { Path.Length: > 0 } && !before.Path.Contains(".so", StringComparison.Ordinal) && before.Rights[1] == 'w',
                    IsStack = before is { Rights: "---p", Path.Length: 0, Size: <= 64 },
                });
            }
        }

        // The C library reserves 64 MiB for each heap of its threads, and opens as much of it as is used.
        return [.. mappings.Select((mapping, at) => mapping with
        {
            IsThreadHeap = at + 1 < mappings.Count && mappings[at + 1] is { Rights: "---p", Path.Length: 0 } rest && mapping.Size + rest.Size == 64 * 1024,
        })];
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>One mapping; sizes in KiB.</summary>
    /// <param name="Path">The file; empty for none.</param>
    /// <param name="Rights">Such as <c>rw-p</c>.</param>
    private sealed record Mapping(string Path, string Rights)
    {
        public long Size { get; init; }

        public long Resident { get; init; }

        public long Private { get; init; }

        public bool FollowsBinary { get; init; }

        public bool IsStack { get; init; }

        public bool IsThreadHeap { get; init; }
    }
}
