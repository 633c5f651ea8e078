namespace AuctionTracker.Setup;

/// <summary>What to do with settings that were tried.</summary>
internal enum Verdict
{
    Change,
    Save,
    Leave,
}
