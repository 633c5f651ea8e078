namespace AuctionTracker.Setup;

/// <summary>What to do with settings that were tried.</summary>
internal enum CheckResult
{
    Change,
    Save,
    Leave,
}
