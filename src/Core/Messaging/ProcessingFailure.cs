namespace AuctionTracker.Core.Messaging;

/// <summary>Why a message could not be processed; a dead letter carries it in its headers.</summary>
/// <param name="Reason">The exception's message, or what is wrong with the body. Untrusted text.</param>
/// <param name="Error">The type name of the exception, or <see langword="null"/> if the body is not a valid bid.</param>
/// <param name="Attempts">How often the handler was called; 0 if the body is not a valid bid.</param>
/// <param name="First">When the first attempt failed.</param>
/// <param name="Last">When the last attempt failed.</param>
public sealed record ProcessingFailure(string Reason, string? Error, int Attempts, DateTimeOffset First, DateTimeOffset Last);
