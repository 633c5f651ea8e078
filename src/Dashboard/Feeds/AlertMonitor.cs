using AuctionTracker.Alerts.Outbox;
using AuctionTracker.Dashboard.Views;

namespace AuctionTracker.Dashboard.Feeds;

/// <summary>Reads the last alerts from their database, read-only, every two seconds; if there is one.</summary>
/// <param name="path">The database.</param>
/// <param name="time">The clock.</param>
internal sealed class AlertMonitor(string path, TimeProvider time)
{
    private const int MaxAlerts = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private volatile IReadOnlyList<AlertRow>? _alerts;

    /// <summary>The alerts, the newest first; <see langword="null"/> if there is no database.</summary>
    public IReadOnlyList<AlertRow>? Alerts => _alerts;

    /// <summary>Reads until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                _alerts = await ReadAsync(stop);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task<IReadOnlyList<AlertRow>?> ReadAsync(CancellationToken stop)
    {
        try
        {
            return File.Exists(path)
                ? [.. (await AlertLog.ReadAsync(path, MaxAlerts, stop)).Select(mail => new AlertRow(
                    mail.Subject, mail.Time, mail.IsSent ? AlertState.Sent : mail.IsRefused ? AlertState.Refused : AlertState.Waits, mail.Error ?? ""))]
                : null;
        }
        catch (IOException)
        {
            return _alerts; // in use, or of another version: what was read last stays
        }
    }
}
