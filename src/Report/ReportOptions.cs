using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Replay;
using AuctionTracker.Report.Commands;
using AuctionTracker.Report.Formats;
using AuctionTracker.Report.Sources;
using AuctionTracker.Sales.State;

namespace AuctionTracker.Report;

/// <summary>The command line: a command, its operand, and its options.</summary>
internal sealed class ReportOptions
{
    private const string Default = "data/bids/";
    private const int MaxOverlap = 10_000; // what hot.sql generates
    private const int MaxBuckets = 1000; // what amounts.sql generates

    private static readonly string[] TimeForms = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"];

    private readonly CsvOptions _csv = new();

    private readonly Argument<string> _command = new("COMMAND")
    {
        Description =
            $"A report: {string.Join(", ", ReportDefinition.All.Select(r => r.Name))}. list: what they show. sql \"SELECT ...\": a query of your own over bids, read-only. " +
            "export FILE: each bid once, as .parquet, .csv or .jsonl. midnight: stays, and writes the report of each day that is over.",
    };

    private readonly Argument<string?> _operand = new("ARGUMENT")
    {
        Description = "For sql the query, for export the file.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _from = new("--from")
    {
        Description = $"The record: {SourceAddress.Allowed}. [default: {Default}] For {string.Join(", ", ReportDefinition.All.Where(r => r.State is not null).Select(r => r.Name))}: " +
            $"the program's database, {ProgramState.Allowed}. [default: auctioneer.database or settlement.database]",
        HelpName = "RECORD",
    };

    private readonly Option<string> _zone = new("--zone") { Description = "The time zone of days, hours and times. [default: UTC]", HelpName = "ZONE" };
    private readonly Option<string> _since = new("--since") { Description = "The first day, or moment: of the bids' own time, the end of auctions, or settlements.", HelpName = "TIME" };
    private readonly Option<string> _until = new("--until") { Description = "The day, or moment, before which they end.", HelpName = "TIME" };
    private readonly Option<string> _item = new("--item") { Description = "These items only, separated by commas.", HelpName = "NAME,..." };

    private readonly Option<string> _format = new("--format")
    {
        Description = "How the rows are written. [default: table, or what the name of --out says]",
        HelpName = "table|csv|json|html",
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "Writes to this file instead of the screen; it appears when it is complete. midnight: the folder. [default: reports/]",
        HelpName = "FILE",
    };

    private readonly Option<string> _size = new("--size") { Description = "hot: how long a window is. [default: 1h]", HelpName = "TIME" };
    private readonly Option<string> _hop = new("--hop") { Description = "hot: how often a window opens. [default: 10m]", HelpName = "TIME" };
    private readonly Option<string> _buckets = new("--buckets") { Description = "amounts: the number of buckets. [default: 20]", HelpName = "N" };
    private readonly Option<bool> _once = new("--once") { Description = "midnight: writes what is missing, and ends." };

    private readonly Option<bool> _asSuperuser = new("--as-superuser")
    {
        Description = "sql: runs in PostgreSQL also as a superuser, whose queries can read files of the server.",
    };

    public ReportOptions()
    {
        _from.Validators.Add(result =>
        {
            // The text is not repeated: it may hold a password.
            if (SourceAddress.Parse(result.Tokens[0].Value) is null)
            {
                result.AddError($"--from must be {SourceAddress.Allowed}.");
            }
        });
        CsvOptions.Require(_zone, text => ZoneOf(text) is not null, "a time zone, as in UTC or Europe/Stockholm");
        CsvOptions.Require(_since, text => IsTime(text), "a day or a time, as in 2024-01-31 or 2024-01-31T18:30");
        CsvOptions.Require(_until, text => IsTime(text), "a day or a time, as in 2024-01-31 or 2024-01-31T18:30");
        CsvOptions.Require(_format, text => text is "table" or "csv" or "json" or "html", "table, csv, json or html");
        CsvOptions.Require(_out, text => text.Trim().Length > 0, "the name of a file or, for midnight, a folder");
        CsvOptions.Require(_size, IsSpan, Duration.Allowed);
        CsvOptions.Require(_hop, IsSpan, Duration.Allowed);
        CsvOptions.Require(_buckets, text => NumberOf(text) is >= 1 and <= MaxBuckets, $"a whole number from 1 to {MaxBuckets}");
        _command.Validators.Add(CheckUsage);
        Definition = new ProgramDefinition([AllSettings.Threshold, AllSettings.Window], _ => [], counts => counts.Received, "Report interrupted. Exiting.")
        {
            ReservesOutput = true,
            Arguments = [_command, _operand],
            Options =
            [
                _from, _zone, _since, _until, _item, _format, _out, _size, _hop, _buckets, _once, _asSuperuser, .. _csv.All,
            ],
        };
    }

    public ProgramDefinition Definition { get; }

    public string CommandOf(ProgramRun run) => run.Arguments.GetRequiredValue(_command);

    public string OperandOf(ProgramRun run) => run.Arguments.GetValue(_operand)!;

    public bool RunsOnce(ProgramRun run) => run.Arguments.GetValue(_once);

    public string FolderOf(ProgramRun run) => run.Arguments.GetValue(_out) ?? "reports/";

    public static ReportDefinition ReportOf(string name) => ReportDefinition.All.Single(report => report.Name == name);

    /// <exception cref="SettingsException">The address of PostgreSQL is wrong.</exception>
    public Record RecordOf(ProgramRun run)
    {
        try
        {
            return new Record(
                run, SourceAddress.Parse(run.Arguments.GetValue(_from) ?? Default)!, _csv.FormatOf(run, item: null), run.Arguments.GetValue(_asSuperuser));
        }
        catch (FormatException e)
        {
            throw new SettingsException($"--from: {e.Message}.");
        }
    }

    /// <summary>What the report of the command is made from.</summary>
    /// <exception cref="SettingsException">The address of PostgreSQL is wrong.</exception>
    public IReportSource SourceOf(ProgramRun run, Record record)
    {
        if (ReportOf(CommandOf(run)) is not { State: { } state, Tables: var tables })
        {
            return record;
        }

        var database = state == StateSchema.Auctioneer ? run.Settings.Auctioneer.Database : run.Settings.Settlement.Database;
        try
        {
            return new ProgramState(state, SourceAddress.Parse(run.Arguments.GetValue(_from) ?? database)!, tables);
        }
        catch (FormatException e)
        {
            throw new SettingsException($"{state.Name}.database: {e.Message}.");
        }
    }

    /// <exception cref="SettingsException">The period ends before it begins.</exception>
    public ReportFilter FilterOf(ProgramRun run)
    {
        var zone = ZoneOf(run.Arguments.GetValue(_zone) ?? "UTC")!;
        var anywhere = new ReportFilter(zone, null, null, []);
        var (since, until) = (Moment(_since), Moment(_until));
        return since >= until
            ? throw new SettingsException("--until must be later than --since: the period ends before --until.")
            : anywhere with { Since = since, Until = until, Items = run.Arguments.GetValue(_item)?.Split(',', StringSplitOptions.TrimEntries) ?? [] };

        DateTimeOffset? Moment(Option<string> option) => run.Arguments.GetValue(option) is { } text ? TimeOf(text, anywhere) : null;
    }

    public ReportQuery QueryOf(ProgramRun run)
    {
        var query = new ReportQuery(FilterOf(run), run.Settings.Alerts.Rules.Threshold) { Window = run.Settings.Consumer.Window };
        query = query with
        {
            Size = Duration.Parse(run.Arguments.GetValue(_size) ?? "") ?? query.Size,
            Hop = Duration.Parse(run.Arguments.GetValue(_hop) ?? "") ?? query.Hop,
            Buckets = NumberOf(run.Arguments.GetValue(_buckets) ?? "") ?? query.Buckets,
        };
        return query.Hop <= query.Size && query.Size / query.Hop <= MaxOverlap
            ? query
            : throw new SettingsException($"--hop must be from 1/{MaxOverlap} of --size to --size, or bids fall between the windows.");
    }

    public ReportOutput OutputOf(ProgramRun run)
    {
        var path = run.Arguments.GetValue(_out);
        IFormat format = (run.Arguments.GetValue(_format) ?? FormatOf(path)) switch
        {
            "csv" => new Formats.CsvFormat(),
            "json" => new JsonFormat(),
            "html" => new HtmlFormat(),
            "table" => new TableFormat(path is null && !Console.IsOutputRedirected),
            _ => throw new SettingsException($"\"{path}\" must end with .csv, .json, .html or .txt, or --format must say how it is written."),
        };
        return new ReportOutput(format, path);

        static string? FormatOf(string? path) => Path.GetExtension(path)?.ToUpperInvariant() switch
        {
            null or "" or ".TXT" => "table",
            ".CSV" => "csv",
            ".JSON" => "json",
            ".HTML" or ".HTM" => "html",
            _ => null,
        };
    }

    private void CheckUsage(ArgumentResult result)
    {
        if (result.Tokens is not [{ Value: var command }])
        {
            return; // System.CommandLine has reported it
        }

        var report = ReportDefinition.All.FirstOrDefault(r => r.Name == command);
        (string Operand, Option[]? Options) takes = command switch
        {
            "list" => ("", [_format, _out]),
            "sql" => ("a query in quotes", [_from, _zone, _format, _out, _asSuperuser, .. _csv.All]),
            "export" => ("a file", [_from, _zone, _since, _until, _item, .. _csv.All]),
            "midnight" => ("", [_from, _zone, _since, _out, _once, .. _csv.All]),
            _ when report is not null => ("", OptionsOf(report)),
            _ => default,
        };
        if (takes.Options is null)
        {
            result.AddError($"There is no report \"{command}\". There are {string.Join(", ", ReportDefinition.All.Select(r => r.Name))}, and list, sql, export and midnight.");
            return;
        }

        string[] settings = [.. Uses("threshold") || command == "midnight" ? [] : new[] { "--threshold" }, .. Uses("window_size") ? [] : new[] { "--window" }];
        var hasOperand = result.GetResult(_operand)?.Tokens.Count > 0;
        if (GivenOptions(result).FirstOrDefault(o => Definition.Options.Except(takes.Options).Contains(o) || settings.Contains(o.Name)) is { } wrong)
        {
            result.AddError($"{wrong.Name} does not go with {command}.");
        }
        else if (report?.State is { } state && result.GetValue(_from) is { } from && SourceAddress.Parse(from) is { } address && !ProgramState.IsAllowed(address))
        {
            result.AddError($"{command} reads the database of {state.Program}: --from must be {ProgramState.Allowed}.");
        }
        else if (hasOperand != takes.Operand.Length > 0)
        {
            result.AddError(hasOperand ? $"{command} takes no argument." : $"{command} takes {takes.Operand}.");
        }
        else if (command == "export" && ExportCommand.FormatOf(result.GetValue(_operand)!) is null)
        {
            result.AddError($"\"{result.GetValue(_operand)}\" must end with .parquet, .csv or .jsonl.");
        }

        bool Uses(string parameter) => report?.Uses(parameter) == true;
    }

    private static IEnumerable<Option> GivenOptions(ArgumentResult result) =>
        ((CommandResult)result.Parent!).Children.OfType<OptionResult>().Where(option => !option.Implicit).Select(option => option.Option);

    /// <summary>The options that have an effect on a report.</summary>
    private Option[] OptionsOf(ReportDefinition report) =>
    [
        _from, _format, _out, .. If(report.HasTimes, _zone, _since, _until), .. If(report.HasItems, _item), .. If(report.State is null, [.. _csv.All]),
        .. If(report.Uses("hot_size"), _size), .. If(report.Uses("hot_hop"), _hop), .. If(report.Uses("buckets"), _buckets),
    ];

    private static Option[] If(bool hasEffect, params Option[] options) => hasEffect ? options : [];

    /// <summary>IANA's names only: the databases know no others.</summary>
    private static TimeZoneInfo? ZoneOf(string text) => TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) && zone.HasIanaId ? zone : null;

    private static bool IsSpan(string text) => Duration.Parse(text) is { Ticks: > 0 };

    private static bool IsTime(string text) => TimeOf(text, new ReportFilter(TimeZoneInfo.Utc, null, null, [])) is not null;

    private static DateTimeOffset? TimeOf(string text, ReportFilter filter)
    {
        if (DateTime.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return filter.MomentOf(local);
        }

        return DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : null;
    }

    private static int? NumberOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
