using AuctionTracker.Core.Hosting;

namespace AuctionTracker.LocalBroker;

/// <summary>No broker could be reached or started; the message is for a person, and says what to do.</summary>
public sealed class BrokerUnavailableException(string message, Exception? inner = null) : ProgramException(message, inner);
