using System.Text.RegularExpressions;

namespace AuctionTracker.Core.Settings;

/// <summary>The kinds of sinks that a record can be kept in.</summary>
public enum SinkKind
{
    /// <summary>A folder of JSON lines.</summary>
    JsonLines,

    /// <summary>A SQLite file.</summary>
    Sqlite,

    /// <summary>A DuckDB file.</summary>
    DuckDB,

    /// <summary>A PostgreSQL database.</summary>
    Postgres,
}

/// <summary>Where a record is kept, told by the shape of its address.</summary>
/// <param name="Name">The name of its queue: a–z, 0–9 and <c>_</c>.</param>
/// <param name="Kind">The kind of sink.</param>
/// <param name="Target">The folder, file or database. It may hold a password.</param>
public sealed partial record SinkAddress(string Name, SinkKind Kind, string Target)
{
    /// <summary>Reads an address, as in <c>data/bids/</c>, <c>archive=data/bids.db</c> or <c>postgres://user@host/database</c>.</summary>
    /// <param name="text">The address, with or without <c>NAME=</c>.</param>
    /// <returns>The address; <see langword="null"/> if its shape fits none.</returns>
    public static SinkAddress? Parse(string text)
    {
        var named = Named().Match(text);
        var (name, target) = named.Success && !IsPostgres(text) ? (named.Groups[1].Value, named.Groups[2].Value) : (null, text);
        return KindOf(target) is { } kind ? new SinkAddress(name ?? NameOf(kind), kind, target) : null;
    }

    /// <summary>The name without the target.</summary>
    public override string ToString() => Name;

    private static SinkKind? KindOf(string target)
    {
        if (IsPostgres(target))
        {
            return SinkKind.Postgres;
        }

        return target.Length == 0 || target.Any(char.IsControl) ? null : Path.GetExtension(target).ToUpperInvariant() switch
        {
            _ when target[^1] is '/' or '\\' => SinkKind.JsonLines,
            ".DB" or ".SQLITE" => SinkKind.Sqlite,
            ".DUCKDB" => SinkKind.DuckDB,
            _ => Directory.Exists(target) ? SinkKind.JsonLines : null,
        };
    }

    private static string NameOf(SinkKind kind) => kind switch
    {
        SinkKind.JsonLines => "jsonl",
        SinkKind.Sqlite => "sqlite",
        SinkKind.DuckDB => "duckdb",
        _ => "postgres",
    };

    private static bool IsPostgres(string target) => PostgresForm().IsMatch(target);

    [GeneratedRegex(@"^([a-z0-9_]{1,64})=(.*)\z")]
    private static partial Regex Named();

    [GeneratedRegex(@"^postgres(ql)?://.|^(?i:host|server)\s*=.")]
    private static partial Regex PostgresForm();
}
