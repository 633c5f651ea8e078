using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace AuctionTracker.Records.DuckDB;

/// <summary>Opens a DuckDB file, within limits: DuckDB would take four fifths of the memory, and does not see a container's limit.</summary>
internal static partial class DuckDBFile
{
    private const string NoExtensions = "autoinstall_known_extensions=false;autoload_known_extensions=false";

    /// <exception cref="IOException">The file can't be opened, or another program has it open. The message names it.</exception>
    public static async Task<DuckDBConnection> OpenAsync(string path, bool isReadOnly, CancellationToken cancel)
    {
        var connection = new DuckDBConnection(
            $"Data Source={path};access_mode={(isReadOnly ? "READ_ONLY" : "READ_WRITE")};memory_limit=1GB;threads=2;{NoExtensions}");
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

    /// <summary>Opens an empty database in memory for queries.</summary>
    /// <param name="temporaryFolder">Takes what does not fit in memory.</param>
    /// <param name="cancel">Cancels the operation.</param>
    public static async Task<DuckDBConnection> OpenInMemoryAsync(string temporaryFolder, CancellationToken cancel)
    {
        var connection = new DuckDBConnection(string.Create(
            CultureInfo.InvariantCulture,
            $"Data Source=:memory:;memory_limit=600MB;threads={Environment.ProcessorCount};temp_directory={temporaryFolder};max_temp_directory_size=100GB;{NoExtensions}"));
        await connection.OpenAsync(cancel);
        return connection;
    }

    /// <summary>How much of a query an error repeats.</summary>
    private const int PlaceLength = 20;

    public static bool IsLocked(DuckDBException e) =>
        e.Message.Contains("Could not set lock", StringComparison.Ordinal) || e.Message.Contains("being used by another process", StringComparison.Ordinal);

    /// <summary>Whether DuckDB refuses the text of a query, not the files it reads.</summary>
    public static bool IsRefusal(DbException e) => Refusal().IsMatch(e.Message);

    /// <summary>DuckDB's first line, and the place that its arrow points at.</summary>
    public static string DescribeRefusal(DbException e)
    {
        var lines = e.Message.Split('\n');
        var arrow = Array.FindIndex(lines, line => line.Trim() == "^");
        var place = arrow > 0 && Place().Match(lines[arrow - 1]) is { Success: true } at && lines[arrow].IndexOf('^', StringComparison.Ordinal) is var column && column < lines[arrow - 1].Length
            ? $" (line {at.Groups[1].Value}, at \"{lines[arrow - 1][column..Math.Min(column + PlaceLength, lines[arrow - 1].Length)]}\")"
            : "";
        return $"{lines[0].TrimEnd('.')}{place}.";
    }

    public static IOException Unusable(string path, DuckDBException e) => new($"{path} can't be used: {Describe(e)}", e);

    public static IOException Unwritable(string path, DuckDBException e) => new($"{path} can't be written: {Describe(e)}", e);

    /// <summary>DuckDB's first line; the rest is advice for its own users.</summary>
    private static string Describe(DuckDBException e)
    {
        if (!IsLocked(e))
        {
            return $"{e.Message.Split('\n')[0].TrimEnd('.')}.";
        }

        var holder = Holder().Match(e.Message);
        return holder.Success
            ? $"another program has it open: {Path.GetFileName(holder.Groups[1].Value)}, process {holder.Groups[2].Value}."
            : "another program has it open.";
    }

    [GeneratedRegex(@"^LINE (\d+): ")]
    private static partial Regex Place();

    [GeneratedRegex(@"lock is held in (.+?) \(PID (\d+)\)")]
    private static partial Regex Holder();

    [GeneratedRegex("^(Parser|Binder|Catalog|Permission|Conversion|Invalid Input|Invalid Type|Out of Range|Not implemented|Syntax) Error")]
    private static partial Regex Refusal();
}
