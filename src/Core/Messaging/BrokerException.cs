using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// The broker cannot be used, and a retry would not help: the first connection failed, or the broker refuses a login or declaration.
/// The message tells the person what to do next and contains no password.
/// </summary>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="inner">The client library's exception.</param>
public sealed class BrokerException(string message, Exception? inner = null) : ProgramException(message, inner);
