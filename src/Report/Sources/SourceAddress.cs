using AuctionTracker.Core.Settings;
using AuctionTracker.Storage;

namespace AuctionTracker.Report.Sources;

/// <summary>The kinds of records that reports read.</summary>
internal enum SourceKind
{
    /// <summary>A folder of JSON lines, or one file.</summary>
    JsonLines,

    /// <summary>A SQLite file.</summary>
    Sqlite,

    /// <summary>A DuckDB file.</summary>
    DuckDB,

    /// <summary>A PostgreSQL database.</summary>
    Postgres,

    /// <summary>A Parquet file.</summary>
    Parquet,

    /// <summary>A file that Replay's reader reads: CSV, or anything compressed with gzip.</summary>
    Text,
}

/// <summary>Where bids are read from, told by the shape of the address.</summary>
/// <param name="Kind">The kind of record.</param>
/// <param name="Target">The folder, file or database. It may hold a password.</param>
internal sealed record SourceAddress(SourceKind Kind, string Target)
{
    /// <summary>What is allowed: completes "must be …".</summary>
    public const string Allowed = "a folder of JSON lines, a file .jsonl, .db, .sqlite, .duckdb, .parquet, .csv or .gz, or postgres://user@host/database";

    /// <summary>What a person calls it.</summary>
    /// <exception cref="FormatException">The address of PostgreSQL is wrong.</exception>
    public string Name => Kind == SourceKind.Postgres ? PostgresAddress.Parse(Target).Description : Target;

    /// <summary>Reads an address.</summary>
    /// <returns>The address; <see langword="null"/> if its shape fits none.</returns>
    public static SourceAddress? Parse(string text) => SinkAddress.Parse(text) is { } sink
        ? new SourceAddress(sink.Kind switch
        {
            SinkKind.JsonLines => SourceKind.JsonLines,
            SinkKind.Sqlite => SourceKind.Sqlite,
            SinkKind.DuckDB => SourceKind.DuckDB,
            _ => SourceKind.Postgres,
        }, sink.Target)
        : Path.GetExtension(text).ToUpperInvariant() switch
        {
            ".JSONL" or ".NDJSON" => new SourceAddress(SourceKind.JsonLines, text),
            ".PARQUET" => new SourceAddress(SourceKind.Parquet, text),
            ".CSV" or ".TSV" or ".GZ" => new SourceAddress(SourceKind.Text, text),
            _ => null,
        };

    /// <summary>Without the target, which may hold a password.</summary>
    public override string ToString() => Kind.ToString();
}
