using Xunit;
using Xunit.Abstractions;

namespace AuctionTracker.Integration.Tests;

/// <summary>
/// Starts the classes first that take long or mostly wait, those with brokers of their own before all others: the shared broker starts
/// meanwhile. None of them runs alone at the end.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] _longest =
    [
        nameof(LocalBroker.ClusterTests), nameof(LocalBroker.PrivateBrokerTests), nameof(Mail.MailServerFailureTests), nameof(Delivery.BrokerFailureTests),
        nameof(Delivery.ConnectionTests), nameof(Mail.AlertStormTests), nameof(Mail.AlertDeliveryTests), nameof(CommandLine.ShutdownSignalTests),
        nameof(DeadLetters.DeadLetterReplayTests), nameof(Repository.ReadmeTests), nameof(Delivery.NoLossTests), nameof(Mail.SmtpTimeoutTests),
        nameof(Setup.SetupTests), nameof(DeadLetters.DeadLetterListTests), nameof(Replay.FileFormatTests),
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.FindIndex(_longest, name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal)) switch
        {
            -1 => int.MaxValue,
            var place => place,
        });
}
