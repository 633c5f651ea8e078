using DuckDB.NET.Data;

namespace AuctionTracker.Records.DuckDB;

/// <summary>Opens a DuckDB file, within limits: DuckDB would take four fifths of the memory, and does not see a container's limit.</summary>
internal static class DuckDBFile
{
    private const string Limits = "memory_limit=1GB;threads=2;autoinstall_known_extensions=false;autoload_known_extensions=false";

    /// <exception cref="IOException">The file can't be opened, or another program has it open. The message names it.</exception>
    public static async Task<DuckDBConnection> OpenAsync(string path, bool isReadOnly, CancellationToken cancel)
    {
        var connection = new DuckDBConnection($"Data Source={path};access_mode={(isReadOnly ? "READ_ONLY" : "READ_WRITE")};{Limits}");
        try
        {
            await connection.OpenAsync(cancel);
            return connection;
        }
        catch (DuckDBException e)
        {
            await connection.DisposeAsync();
            throw Unusable(path, e);
        }
    }

    public static IOException Unusable(string path, DuckDBException e) => new($"{path} can't be used: {Describe(e)}", e);

    /// <summary>DuckDB's first line; the rest is advice for its own users.</summary>
    private static string Describe(DuckDBException e) =>
        e.Message.Contains("Could not set lock", StringComparison.Ordinal) || e.Message.Contains("being used by another process", StringComparison.Ordinal)
            ? "another program has it open."
            : $"{e.Message.Split('\n')[0].TrimEnd('.')}.";
}
