using AuctionTracker.Core.Settings;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>A group of alerts, some of which are in no mail yet.</summary>
/// <param name="Name">The name of the group. Its alerts share a mail.</param>
/// <param name="Oldest">When the oldest of the pending alerts was added.</param>
/// <param name="LastMail">When the group's last mail was created; <see langword="null"/> if it has none.</param>
internal sealed record PendingGroup(string Name, DateTimeOffset Oldest, DateTimeOffset? LastMail);

/// <summary>
/// Decides which groups of alerts get a mail now. Each group gets its own mail; groups beyond the hourly limit, and those that became
/// due in quiet hours, share a digest. No alert is dropped: a group that is in neither waits.
/// </summary>
/// <param name="Mails">The groups that get their own mail, in order.</param>
/// <param name="Digest">The groups of the digest; empty for no digest.</param>
/// <param name="Next">When to plan again; <see langword="null"/> if only new alerts can change the plan.</param>
internal sealed record DispatchPlan(IReadOnlyList<string> Mails, IReadOnlyList<string> Digest, DateTimeOffset? Next)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Creates a plan.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="pending">The groups with alerts that are in no mail yet.</param>
    /// <param name="recent">The creation times of the last mails, without digests. Times more than an hour ago are ignored.</param>
    /// <param name="settings">The limits.</param>
    public static DispatchPlan Create(
        DateTimeOffset now, IEnumerable<PendingGroup> pending, IReadOnlyCollection<DateTimeOffset> recent, DispatchSettings settings)
    {
        var groups = pending.Select(g => (g.Name, Due: Due(g, settings))).OrderBy(g => g.Due).ToList();
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
        var lastHour = recent.Where(created => created > now - Hour).ToList();
        var allowed = settings.MailsPerHour is { } limit ? Math.Max(0, limit - lastHour.Count) : single.Count;
        var excess = single.Skip(allowed).ToList();
        var isDigestDue = held.Count > 0 || (excess.Count > 0 && excess[0].Due + settings.DigestInterval <= now);

        var wakeUps = groups.Where(g => g.Due > now).Select(g => g.Due).Take(1);
        if (excess.Count > 0 && !isDigestDue)
        {
            wakeUps = wakeUps.Append(excess[0].Due + settings.DigestInterval);
            wakeUps = lastHour.Count > 0 ? wakeUps.Append(lastHour.Min() + Hour) : wakeUps;
        }

        return new(
            [.. single.Take(allowed).Select(g => g.Name)],
            isDigestDue ? [.. held.Concat(excess).Select(g => g.Name)] : [],
            wakeUps.Cast<DateTimeOffset?>().Min());
    }

    private static DateTimeOffset Due(PendingGroup group, DispatchSettings settings)
    {
        var waited = group.Oldest + settings.GroupWait;
        return group.LastMail + settings.RepeatInterval is { } repeat && repeat > waited ? repeat : waited;
    }
}
