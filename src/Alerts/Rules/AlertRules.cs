using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>The rules that are enabled in the settings. Not thread-safe.</summary>
public sealed class AlertRules
{
    private const int MaxWindowEntries = 20;

    private readonly List<IBidRule> _rules = [];
    private readonly RateWindow? _deadLetters;
    private readonly int _deadLetterLimit;

    /// <summary>Creates the rules that have a setting.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="highWaterMarks">The highest amounts so far.</param>
    public AlertRules(RuleSettings settings, HighWaterMarks highWaterMarks)
    {
        if (settings.Threshold is not null || settings.ItemThresholds.Count > 0)
        {
            _rules.Add(new HighBidRule(settings.Threshold, settings.ItemThresholds));
        }

        if (settings.NewHighOf is { } of)
        {
            _rules.Add(new NewHighRule(of == GroupBy.Auction, highWaterMarks));
        }

        if (settings.JumpPercent is { } percent)
        {
            _rules.Add(new PriceJumpRule(percent));
        }

        if (settings.BidsPerMinute is { } bids)
        {
            _rules.Add(new BidRateRule(bids));
        }

        if (settings.StalledBelow is { } movement)
        {
            _rules.Add(new StalledPriceRule(movement));
        }

        if (settings.DeadLettersPerMinute is { } limit)
        {
            (_deadLetters, _deadLetterLimit) = (new RateWindow(limit), limit);
        }
    }

    /// <summary>Evaluates a bid. Enumerate the result once.</summary>
    /// <param name="bid">The bid.</param>
    /// <param name="messageId">The id of its message.</param>
    /// <param name="window">The window of the bid's item; the bid is its latest entry.</param>
    /// <returns>The alerts of this bid, at most one of each kind.</returns>
    public IEnumerable<Alert> Evaluate(Bid bid, string messageId, RollingWindow<Bid> window)
    {
        IReadOnlyList<WindowEntry>? entries = null;
        foreach (var rule in _rules)
        {
            if (rule.Evaluate(bid, window) is { } baseline)
            {
                entries ??= [.. window.Last(MaxWindowEntries).Select(WindowEntry.From)];
                yield return Alert.ForBid(messageId, rule.Kind, bid, baseline) with { Window = entries };
            }
        }
    }

    /// <summary>Evaluates a dead letter.</summary>
    /// <param name="delivery">The message.</param>
    /// <param name="failure">The reason why it is dead-lettered.</param>
    /// <returns>One alert if the dead letters begin to exceed their limit; otherwise none.</returns>
    public IEnumerable<Alert> Evaluate(Delivery delivery, ProcessingFailure failure) => _deadLetters?.Add(failure.Last) == true
        ?
        [
            new Alert(delivery.Id, AlertKind.DeadLetter, failure.Last, _deadLetterLimit)
            {
                Reason = $"{delivery.Queue}: {UntrustedText.Cut(failure.Reason, 300)}",
            },
        ]
        : [];
}
