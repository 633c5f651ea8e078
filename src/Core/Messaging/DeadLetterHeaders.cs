namespace AuctionTracker.Core.Messaging;

/// <summary>The headers of a dead letter that say where it was and why it could not be processed.</summary>
public static class DeadLetterHeaders
{
    /// <summary>Why it could not be processed, a sentence.</summary>
    public const string Reason = "auction-reason";

    /// <summary>The queue it was in.</summary>
    public const string Queue = "auction-queue";

    /// <summary>The exchange it was published to; "" for the default one.</summary>
    public const string Exchange = "auction-exchange";

    /// <summary>The routing key it was published with.</summary>
    public const string RoutingKey = "auction-routing-key";

    /// <summary>The program that dead-lettered it, as in <c>consumer_v4.0</c>.</summary>
    public const string Program = "auction-program";

    /// <summary>When it failed last, in the wire's format.</summary>
    public const string Time = "auction-time";

    /// <summary>When it failed first, in the wire's format.</summary>
    public const string FirstTime = "auction-first-time";

    /// <summary>How often its handler was called, a number; 0 where the body is not a valid bid.</summary>
    public const string Attempts = "auction-attempts";

    /// <summary>The type of the exception, where the handler failed; else "".</summary>
    public const string Error = "auction-error";

    /// <summary>How often the message was dead-lettered, a number from 1; more after replays.</summary>
    public const string Deaths = "auction-deaths";
}
