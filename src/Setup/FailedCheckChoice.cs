namespace AuctionTracker.Setup;

/// <summary>The user's answer after a check of the settings failed.</summary>
internal enum FailedCheckChoice
{
    Change,
    Save,
    Leave,
}
