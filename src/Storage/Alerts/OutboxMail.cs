using AuctionTracker.Core.Alerts;

namespace AuctionTracker.Storage.Alerts;

/// <summary>A mail that waits in the outbox.</summary>
/// <param name="Id">Its number there.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Alerts">What it is about; at least one.</param>
internal sealed record OutboxMail(long Id, int Attempts, IReadOnlyList<Alert> Alerts);
