using System.CommandLine;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Recorder;

/// <summary>The command line.</summary>
internal sealed class RecorderOptions
{
    private readonly Option<string?> _follow = new("--follow")
    {
        Description = "Records the bids of a growing file instead of a broker's, as Producer.V0 writes it.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _forget = new("--forget")
    {
        Description = "Deletes the queue of a sink, with the bids that wait in it, and ends. Asks first.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _verify = new("--verify")
    {
        Description = "Compares the sinks instead of recording: says what is missing or different. Exit code 0 if all are equal.",
    };

    private readonly Option<bool> _yes = new("--yes") { Description = "--forget: deletes without asking." };

    public ProgramDefinition Definition => new(
        [AllSettings.RecordTo, AllSettings.Count, AllSettings.IdleExit, AllSettings.Items],
        _ => [],
        counts => counts.Received,
        "Recorder interrupted. Closing connections.")
    { Options = [_follow, _verify, _forget, _yes] };

    public string? FileToFollow(ProgramRun run) => run.Arguments.GetValue(_follow);

    public bool IsVerification(ProgramRun run) => run.Arguments.GetValue(_verify);

    public string? NameToForget(ProgramRun run) => run.Arguments.GetValue(_forget);

    public bool IsConfirmed(ProgramRun run) => run.Arguments.GetValue(_yes);
}
