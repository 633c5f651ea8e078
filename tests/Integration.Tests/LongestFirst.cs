using Xunit;
using Xunit.Abstractions;

namespace AuctionTracker.Integration.Tests;

/// <summary>Starts the classes that take longest first, so that none of them runs alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] _longest =
    [
        nameof(Mail.MailServerFailureTests), nameof(LocalBroker.ClusterTests), nameof(Mail.AlertDeliveryTests), nameof(Mail.AlertStormTests),
        nameof(Repository.ReadmeTests), nameof(LocalBroker.PrivateBrokerTests), nameof(Delivery.NoLossTests), nameof(Replay.FileFormatTests),
        nameof(Delivery.BrokerFailureTests), nameof(DeadLetters.DeadLetterReplayTests), nameof(Setup.SetupTests),
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.FindIndex(_longest, name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal)) switch
        {
            -1 => int.MaxValue,
            var place => place,
        });
}
