using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// The broker can't be used, and waiting would not change that: it was never reached, or it refuses what is asked. The message
/// is a sentence for a person that says what to do next and holds no password.
/// </summary>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="inner">What the client library said.</param>
public sealed class BrokerException(string message, Exception? inner = null) : ProgramException(message, inner);
