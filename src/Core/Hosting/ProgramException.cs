namespace AuctionTracker.Core.Hosting;

/// <summary>
/// A program can't go on. The message is a sentence for a person that says what to do next; the program logs it and ends with
/// exit code 1, without a stack trace.
/// </summary>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="inner">What was thrown below.</param>
public class ProgramException(string message, Exception? inner = null) : Exception(message, inner);
