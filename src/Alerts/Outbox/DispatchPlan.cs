using AuctionTracker.Core.Settings;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>The alerts of a group that are in no mail yet.</summary>
/// <param name="Name">The group: alerts with the same name share a mail.</param>
/// <param name="Oldest">When the first of them came.</param>
/// <param name="LastMail">When a mail was last made for the group; <see langword="null"/>: never.</param>
public sealed record PendingGroup(string Name, DateTimeOffset Oldest, DateTimeOffset? LastMail)
{
    /// <summary>How many they are.</summary>
    public int Count { get; init; } = 1;
}

/// <summary>
/// Which alerts become a mail now, so that nobody is buried: each group gets a mail of its own; what is too much for the hour,
/// or came due in quiet hours, goes into one digest. Nothing is dropped: what is in neither waits. Immutable.
/// </summary>
/// <param name="Mails">The groups that get a mail each, in order.</param>
/// <param name="Digest">The groups that share one digest; none: no digest now.</param>
/// <param name="Next">When to plan again, if no alert comes before; <see langword="null"/>: only then.</param>
public sealed record DispatchPlan(IReadOnlyList<string> Mails, IReadOnlyList<string> Digest, DateTimeOffset? Next)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Plans.</summary>
    /// <param name="now">The time.</param>
    /// <param name="open">The groups with alerts that are in no mail yet.</param>
    /// <param name="recent">When the mails of the last hour were made, digests left out; older ones are not counted.</param>
    /// <param name="settings">What is too much.</param>
    public static DispatchPlan At(
        DateTimeOffset now, IEnumerable<PendingGroup> open, IReadOnlyCollection<DateTimeOffset> recent, DispatchSettings settings)
    {
        var groups = open.Select(g => (g.Name, Due: Due(g, settings))).OrderBy(g => g.Due).ToList();
        if (groups.Count == 0)
        {
            return new([], [], null);
        }

        if (settings.Quiet is { } quiet && quiet.Contains(now))
        {
            return new([], [], quiet.EndAfter(now));
        }

        var due = groups.Where(g => g.Due <= now).ToList();
        var held = due.Where(g => settings.Quiet?.Contains(g.Due) == true).ToList();
        var single = due.Except(held).ToList();
        var ofTheHour = recent.Where(made => made > now - Hour).ToList();
        var room = settings.MailsPerHour is { } most ? Math.Max(0, most - ofTheHour.Count) : single.Count;
        var over = single.Skip(room).ToList();
        var isDigestDue = held.Count > 0 || (over.Count > 0 && over[0].Due + settings.DigestInterval <= now);

        var moments = groups.Where(g => g.Due > now).Select(g => g.Due).Take(1);
        if (over.Count > 0 && !isDigestDue)
        {
            moments = moments.Append(over[0].Due + settings.DigestInterval);
            moments = ofTheHour.Count > 0 ? moments.Append(ofTheHour.Min() + Hour) : moments;
        }

        return new(
            [.. single.Take(room).Select(g => g.Name)],
            isDigestDue ? [.. held.Concat(over).Select(g => g.Name)] : [],
            moments.Cast<DateTimeOffset?>().Min());
    }

    private static DateTimeOffset Due(PendingGroup group, DispatchSettings settings)
    {
        var waited = group.Oldest + settings.GroupWait;
        return group.LastMail + settings.RepeatInterval is { } repeat && repeat > waited ? repeat : waited;
    }
}
