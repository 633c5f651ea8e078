using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.DeadLetters.Queue;

namespace AuctionTracker.DeadLetters;

/// <summary>The command line: a command, its operands, and its options.</summary>
internal sealed class DeadLetterOptions
{
    private readonly Argument<string> _command = new("COMMAND")
    {
        Description =
            "list: a table of the dead letters. show ID...: all about some. " +
            "replay ID... (or --all, or filters): publishes them to where they came from, or --to a queue. " +
            "edit ID: opens the body in $VISUAL or $EDITOR, then replays it. " +
            "export FILE: JSON lines, - for standard output. purge [ID...]: deletes them.",
    };

    private readonly Argument<string[]> _operands = new("ID")
    {
        Description = "Dead letters, by the beginning of their message_id. For export: the FILE.",
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _queue = new("--queue") { Description = "Filter: came from this queue.", HelpName = "QUEUE" };
    private readonly Option<string> _reason = new("--reason") { Description = "Filter: the reason contains this.", HelpName = "TEXT" };
    private readonly Option<TimeSpan?> _olderThan = new("--older-than")
    {
        Description = $"Filter: dead-lettered longer ago than this, {Duration.Allowed}.",
        HelpName = "TIME",
        CustomParser = given => Parse(given, Duration.Parse, Duration.Allowed),
    };
    private readonly Option<TimeSpan?> _newerThan = new("--newer-than")
    {
        Description = "Filter: dead-lettered within this time.",
        HelpName = "TIME",
        CustomParser = given => Parse(given, Duration.Parse, Duration.Allowed),
    };
    private readonly Option<int?> _limit = new("--limit")
    {
        Description = "Filter: at most N, the oldest first.",
        HelpName = "N",
        CustomParser = given => Parse(given, NumberOf, "a whole number above 0"),
    };
    private readonly Option<bool> _all = new("--all") { Description = "replay: all dead letters." };
    private readonly Option<string> _to = new("--to")
    {
        Description = "replay, edit: publishes to this queue, not to where they came from.",
        HelpName = "QUEUE",
    };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "replay: says what would go where, and sends nothing." };
    private readonly Option<bool> _force = new("--force") { Description = "edit: sends the body even if it is not a valid bid." };
    private readonly Option<bool> _yes = new("--yes") { Description = "purge: deletes without asking." };

    private readonly Dictionary<string, Usage> _commands;

    public DeadLetterOptions()
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
        _to.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" or AuctionTopology.DeadLetterQueue }])
            {
                AddError(result, "a queue other than the dead letters' own");
            }
        });
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

    public DeadLetterFilter FilterOf(ProgramRun run)
    {
        var given = run.Arguments;
        return new DeadLetterFilter(
            CommandOf(run) == "export" ? [] : given.GetRequiredValue(_operands),
            given.GetValue(_queue),
            given.GetValue(_reason),
            given.GetValue(_olderThan),
            given.GetValue(_newerThan),
            given.GetValue(_limit) ?? int.MaxValue,
            run.Time.GetUtcNow());
    }

    /// <summary>The queue of <c>--to</c>, or <see langword="null"/> for the origin of each dead letter.</summary>
    public Destination? DestinationOf(ProgramRun run) => run.Arguments.GetValue(_to) is { } queue ? new Destination("", queue) : null;

    public bool IsDryRun(ProgramRun run) => run.Arguments.GetValue(_dryRun);

    public bool IsForced(ProgramRun run) => run.Arguments.GetValue(_force);

    public bool IsConfirmed(ProgramRun run) => run.Arguments.GetValue(_yes);

    private void CheckUsage(ArgumentResult result)
    {
        if (result.Tokens is not [{ Value: var command }] || !_commands.TryGetValue(command, out var usage))
        {
            return; // System.CommandLine has reported it
        }

        var operands = result.GetResult(_operands)?.Tokens.Count ?? 0;
        var given = Definition.Options.Where(o => result.GetResult(o) is { Implicit: false }).ToList();
        var saysWhich = operands > 0 || given.Exists(o => o != _to && o != _dryRun);

        // An option of another command is refused, never ignored: "purge --dry-run" must not delete.
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
            result.AddError("purge asks before it deletes, and there is no terminal to ask at: add --yes.");
        }
    }

    private static T? Parse<T>(ArgumentResult given, Func<string, T?> read, string allowed)
        where T : struct
    {
        var value = read(given.Tokens[0].Value);
        if (value is null)
        {
            AddError((OptionResult)given.Parent!, allowed);
        }

        return value;
    }

    private static void AddError(OptionResult result, string allowed) =>
        result.AddError($"{result.Option.Name} is \"{result.Tokens[0].Value}\": it must be {allowed}.");

    private static int? NumberOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    /// <summary>What a command takes: the number of operands, and its options.</summary>
    private sealed record Usage(string Takes, int Min, int Max, Option[] Options);
}
