using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>The rules that are switched on. One caller at a time.</summary>
public sealed class AlertRules
{
    private const int WindowShown = 20;

    private readonly List<IBidRule> _rules = [];
    private readonly RateWindow? _deadLetters;
    private readonly int _deadLetterLimit;

    /// <summary>Takes the rules that have a setting.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="highs">The highest amounts so far.</param>
    public AlertRules(RuleSettings settings, HighWaterMarks highs)
    {
        if (settings.Threshold is not null || settings.ItemThresholds.Count > 0)
        {
            _rules.Add(new HighBidRule(settings.Threshold, settings.ItemThresholds));
        }

        if (settings.NewHighOf is { } of)
        {
            _rules.Add(new NewHighRule(of == GroupBy.Auction, highs));
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

    /// <summary>The alerts a bid calls for.</summary>
    /// <param name="bid">The bid.</param>
    /// <param name="messageId">What identifies its message.</param>
    /// <param name="window">Its item's window, with the bid as its latest.</param>
    public IEnumerable<Alert> For(Bid bid, string messageId, RollingWindow<Bid> window)
    {
        IReadOnlyList<WindowEntry>? shown = null;
        foreach (var rule in _rules)
        {
            if (rule.Judge(bid, window) is { } figure)
            {
                shown ??= [.. window.Last(WindowShown).Select(WindowEntry.Of)];
                yield return Alert.Of(messageId, rule.Kind, bid, figure) with { Window = shown };
            }
        }
    }

    /// <summary>The alert a dead letter calls for, if it is one too many within a minute.</summary>
    /// <param name="delivery">The message.</param>
    /// <param name="failure">Why it can't be handled.</param>
    public IEnumerable<Alert> For(Delivery delivery, ProcessingFailure failure) => _deadLetters?.Begins(failure.Last) == true
        ?
        [
            new Alert(delivery.Id, AlertKind.DeadLetter, failure.Last, _deadLetterLimit)
            {
                Reason = $"{delivery.Queue}: {UntrustedText.Cut(failure.Reason, 300)}",
            },
        ]
        : [];
}
