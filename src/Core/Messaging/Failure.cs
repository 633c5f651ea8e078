namespace AuctionTracker.Core.Messaging;

/// <summary>Why a message can't be handled, for its headers among the dead letters.</summary>
/// <param name="Reason">A sentence for a person.</param>
/// <param name="Error">The type of what was thrown, or <see langword="null"/> where the body is no bid.</param>
/// <param name="Attempts">How often its handler was called; 0 where the body is no bid.</param>
/// <param name="First">When it failed first.</param>
/// <param name="Last">When it failed last.</param>
public sealed record Failure(string Reason, string? Error, int Attempts, DateTimeOffset First, DateTimeOffset Last);
