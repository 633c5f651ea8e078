using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Letters;

/// <summary>What is on DeadLetters' command line alone: a command, what it is about, and its options.</summary>
internal sealed class LetterOptions
{
    private const string SpanOfTime = "a whole number up to 65535 with its unit, as in 90s, 5m, 2h or 3d";

    private readonly Argument<string> _command = new("COMMAND")
    {
        Description =
            "list: a table of the letters. show ID...: everything about some. " +
            "replay ID... (or --all, or filters): back to where they came from, or --to a queue. " +
            "edit ID: its body in $VISUAL or $EDITOR, then back. " +
            "export FILE: as JSON lines, - for standard output. purge [ID...]: deletes them.",
    };

    private readonly Argument<string[]> _operands = new("ID")
    {
        Description = "Which letters: the beginning of a message_id is enough. For export: the FILE.",
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _queue = new("--queue") { Description = "Filter: letters from this queue.", HelpName = "QUEUE" };
    private readonly Option<string> _reason = new("--reason") { Description = "Filter: letters whose reason contains this.", HelpName = "TEXT" };
    private readonly Option<string> _olderThan = new("--older-than") { Description = $"Filter: letters that are longer here than this, {SpanOfTime}.", HelpName = "TIME" };
    private readonly Option<string> _newerThan = new("--newer-than") { Description = "Filter: letters that are here for less than this.", HelpName = "TIME" };
    private readonly Option<string> _limit = new("--limit") { Description = "At most so many letters, the oldest ones.", HelpName = "N" };
    private readonly Option<bool> _all = new("--all") { Description = "replay: every letter." };
    private readonly Option<string> _to = new("--to") { Description = "replay, edit: to this queue, not to where they came from.", HelpName = "QUEUE" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "replay: only says what would go where." };
    private readonly Option<bool> _force = new("--force") { Description = "edit: sends the body even if it is no bid." };
    private readonly Option<bool> _yes = new("--yes") { Description = "purge: deletes without asking." };

    private readonly Dictionary<string, Usage> _commands;

    public LetterOptions()
    {
        Option[] filters = [_queue, _reason, _olderThan, _newerThan, _limit];
        _commands = new()
        {
            ["list"] = new("no ID", 0, 0, filters),
            ["show"] = new("at least one ID", 1, int.MaxValue, []),
            ["replay"] = new("IDs, --all or a filter", 0, int.MaxValue, [.. filters, _all, _to, _dryRun]),
            ["edit"] = new("one ID", 1, 1, [_to, _force]),
            ["export"] = new("one FILE, or -", 1, 1, filters),
            ["purge"] = new("IDs, filters or neither", 0, int.MaxValue, [.. filters, _yes]),
        };
        _command.AcceptOnlyFromAmong([.. _commands.Keys]);
        _command.Validators.Add(CheckUsage);
        Require(_olderThan, text => Age.Read(text) is not null, SpanOfTime);
        Require(_newerThan, text => Age.Read(text) is not null, SpanOfTime);
        Require(_limit, text => LimitIn(text) > 0, "a whole number above 0");
        Require(_to, text => text is not ("" or AuctionTopology.DeadLetterQueue), "a queue other than the dead letters' own");
        Definition = new ProgramDefinition(
            [],
            counts => counts.Received.Value == 0 ? [] : [counts.Received, counts.Sent, counts.Confirmed, counts.Returned, counts.Failed],
            counts => counts.Confirmed,
            "Dead letters interrupted. Exiting.")
        {
            Arguments = [_command, _operands],
            Options = [.. filters, _all, _to, _dryRun, _force, _yes],
        };
    }

    public ProgramDefinition Definition { get; }

    public string CommandOf(ProgramRun run) => run.Arguments.GetRequiredValue(_command);

    public string FileOf(ProgramRun run) => run.Arguments.GetRequiredValue(_operands)[0];

    public Selection SelectionOf(ProgramRun run)
    {
        var given = run.Arguments;
        return new Selection(
            CommandOf(run) == "export" ? [] : given.GetRequiredValue(_operands),
            given.GetValue(_queue),
            given.GetValue(_reason),
            Age.Read(given.GetValue(_olderThan)),
            Age.Read(given.GetValue(_newerThan)),
            LimitIn(given.GetValue(_limit)) ?? int.MaxValue,
            run.Time.GetUtcNow());
    }

    /// <summary>The queue of <c>--to</c>, or <see langword="null"/> for where each letter came from.</summary>
    public Destination? DestinationOf(ProgramRun run) => run.Arguments.GetValue(_to) is { } queue ? new Destination("", queue) : null;

    public bool IsDryRun(ProgramRun run) => run.Arguments.GetValue(_dryRun);

    public bool IsForced(ProgramRun run) => run.Arguments.GetValue(_force);

    public bool IsSure(ProgramRun run) => run.Arguments.GetValue(_yes);

    private void CheckUsage(ArgumentResult result)
    {
        if (result.Tokens is not [{ Value: var command }] || !_commands.TryGetValue(command, out var usage))
        {
            return; // said already
        }

        var operands = result.GetResult(_operands)?.Tokens.Count ?? 0;
        var given = Definition.Options.Where(o => result.GetResult(o) is { Implicit: false }).ToList();
        var saysWhich = operands > 0 || given.Exists(o => o != _to && o != _dryRun);

        // An option that is not a command's own is refused, never ignored: "purge --dry-run" must not delete.
        if (given.Find(o => !usage.Options.Contains(o)) is { } wrong)
        {
            result.AddError($"{wrong.Name} does not go with {command}.");
        }
        else if (operands < usage.Min || operands > usage.Max || (command == "replay" && !saysWhich))
        {
            result.AddError($"{command} takes {usage.Takes}.");
        }
        else if (command == "purge" && Console.IsInputRedirected && !result.GetValue(_yes))
        {
            result.AddError("purge deletes for good, and there is no terminal to ask at: say --yes.");
        }
    }

    private static int? LimitIn(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;

    private static void Require(Option<string> option, Func<string, bool> isAllowed, string allowed) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var given] && !isAllowed(given.Value))
        {
            result.AddError($"{option.Name} is \"{given.Value}\": it must be {allowed}.");
        }
    });

    /// <summary>What a command takes.</summary>
    private sealed record Usage(string Takes, int Min, int Max, Option[] Options);
}
