namespace AuctionTracker.Records.Queries;

/// <summary>A query is refused. The message has the engine's words and the place.</summary>
/// <param name="message">What is wrong with the query, and where.</param>
/// <param name="inner">The engine's exception.</param>
public sealed class InvalidQueryException(string message, Exception? inner = null) : Exception(message, inner);
