namespace AuctionTracker.Core.Hosting;

/// <summary>
/// An error that ends the program. The message tells the person what to do next; the program logs it without a stack trace and ends with
/// exit code 1.
/// </summary>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="inner">The cause.</param>
public class ProgramException(string message, Exception? inner = null) : Exception(message, inner);
