using Harmony.Fleet.Deploy.Outcomes;

namespace Harmony.Fleet.Deploy.Topologies;

/// <summary>A place with files of its own. Names are relative, with <c>/</c>; folders are made as they are needed, for their owner alone.</summary>
public interface IHasFiles
{
    /// <summary>Where the processes of this place find <paramref name="name"/>.</summary>
    string PathOf(string name);

    /// <summary>Makes sure that the folder exists.</summary>
    /// <returns>Null, or why it does not.</returns>
    Task<Fault?> EnsureFolderAsync(string name, CancellationToken cancellationToken);

    /// <summary>Whether there is such a file, be it empty.</summary>
    Task<Attempt<bool>> HasAsync(string name, CancellationToken cancellationToken);

    /// <summary>The file's bytes; empty where there is no such file.</summary>
    Task<Attempt<ReadOnlyMemory<byte>>> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Puts <paramref name="content"/> in the file's place: all of it or nothing, on the disk when the task ends, readable by its owner alone.</summary>
    /// <returns>Null, or why it could not be done.</returns>
    Task<Fault?> WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);
}
