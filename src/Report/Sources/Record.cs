using System.Runtime.CompilerServices;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Records;
using AuctionTracker.Records.DuckDB;
using AuctionTracker.Records.Postgres;
using AuctionTracker.Records.Queries;
using AuctionTracker.Records.Sqlite;
using AuctionTracker.Replay;
using AuctionTracker.Storage;
using Spectre.Console;

namespace AuctionTracker.Report.Sources;

/// <summary>Opens the record that a run reads.</summary>
/// <param name="run">Logs the lines that cannot be read as bids.</param>
/// <param name="address">Where the record is.</param>
/// <param name="csv">How a CSV file is read.</param>
/// <param name="allowsSuperuser">Whether PostgreSQL's superuser may run a person's query.</param>
internal sealed class Record(ProgramRun run, SourceAddress address, CsvFormat csv, bool allowsSuperuser) : IReportSource
{
    /// <summary>Later unreadable lines are counted, but not logged.</summary>
    private const int MaxLoggedLines = 20;

    private long _unreadable;
    private long _logged;

    /// <inheritdoc/>
    public string Name { get; } = address.Name;

    /// <summary>Opens it for queries, and counts its unreadable lines anew.</summary>
    /// <exception cref="IOException">It can't be read. The message names it.</exception>
    public Task<IQueryEngine> OpenAsync(CancellationToken stop) => ShowAsync($"Reading {Name}", async () => address.Kind == SourceKind.Postgres
        ? await PostgresEngine.OpenAsync(PostgresAddress.Parse(address.Target), allowsSuperuser, stop)
        : (IQueryEngine)await OpenDuckDBAsync(output: null, stop));

    /// <summary>Opens it in DuckDB, which also writes Parquet; PostgreSQL's rows are copied.</summary>
    /// <param name="output">A file that the engine may write.</param>
    /// <param name="stop">Cancels the operation.</param>
    /// <exception cref="IOException">It can't be read. The message names it.</exception>
    public Task<DuckDBEngine> OpenForExportAsync(string? output, CancellationToken stop) =>
        ShowAsync($"Reading {Name}", () => OpenDuckDBAsync(output, stop));

    /// <summary>Shows that the program is at work, on a terminal.</summary>
    public static Task<T> ShowAsync<T>(string what, Func<Task<T>> work) => Console.IsErrorRedirected
        ? work()
        : AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }).Status().StartAsync(Markup.Escape(what), _ => work());

    /// <summary>Says after reading how many lines could not be read as bids; once, until there are more.</summary>
    public void LogUnreadable()
    {
        if (_unreadable > _logged)
        {
            run.Log.Warning(_unreadable == 1 ? "{Count} line cannot be read as a bid; it is left out." : "{Count} lines cannot be read as bids; they are left out.", _unreadable);
            _logged = _unreadable;
        }
    }

    private async Task<DuckDBEngine> OpenDuckDBAsync(string? output, CancellationToken stop)
    {
        _unreadable = 0;
        RequireFile();
        return address.Kind switch
        {
            SourceKind.JsonLines => await DuckDBEngine.OpenJsonLinesAsync(address.Target, Refuse, output, stop),
            SourceKind.Parquet => await DuckDBEngine.OpenParquetAsync(address.Target, output, stop),
            SourceKind.DuckDB => await DuckDBEngine.OpenDatabaseAsync(address.Target, output, stop),
            SourceKind.Text => await DuckDBEngine.LoadAsync(Name, ReadTextAsync(stop), hasUniqueIds: false, output, stop),
            SourceKind.Sqlite => await DuckDBEngine.LoadAsync(Name, new SqliteSource(address.Target).ReadByIdAsync(stop), hasUniqueIds: true, output, stop),
            _ => await DuckDBEngine.LoadAsync(
                Name, new PostgresSource(PostgresAddress.Parse(address.Target)).ReadByIdAsync(stop), hasUniqueIds: true, output, stop),
        };
    }

    private void RequireFile()
    {
        if (address.Kind != SourceKind.Postgres && !File.Exists(address.Target) && !Directory.Exists(address.Target))
        {
            throw new IOException($"There is no {address.Target}. Keep bids with Recorder first, or name another record with --from.");
        }
    }

    /// <summary>A row without a message id is a bid of its own.</summary>
    private async IAsyncEnumerable<RecordedBid> ReadTextAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var file = new BidFile(address.Target, csv, keepsIds: true, run) { Consequence = "Left out", MayBeEmpty = true };
        var number = 0L;
        await foreach (var (bid, id) in file.ReadAsync(stop))
        {
            yield return new RecordedBid(id ?? FormattableString.Invariant($"{++number}"), bid, bid.Timestamp);
        }

        _unreadable = run.Counts.BadRows.Value;
    }

    private void Refuse(string place, string reason)
    {
        if (++_unreadable <= MaxLoggedLines && _unreadable > _logged)
        {
            run.Log.Warning("{Place} cannot be read as a bid: {Reason}", place, reason);
        }
    }
}
