"""Counts the reports from the public eBay file itself, with Python's csv, decimal and zoneinfo: python3 report_counts.py CSV ZONE RECORD

RECORD is the folder of the record's JSON lines. Only the ids of bids are taken from it: of two bids at the same time, the one with the lower id
is the earlier. Prints an object with the rows of each report, all values as texts.
"""
import csv
import glob
import json
import sys
from collections import Counter, defaultdict, deque
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

path, zone, record = sys.argv[1], ZoneInfo(sys.argv[2]), sys.argv[3]
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
OPENING = datetime(2024, 1, 1, tzinfo=timezone.utc)


def iso(time):
    return time.isoformat(timespec="microseconds")


def local(time):
    return iso(time.astimezone(zone))


def money(amount):
    return str(Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP))


ids = {}
for name in glob.glob(f"{record}/*.jsonl"):
    for line in open(name, encoding="utf-8"):
        bid = json.loads(line, parse_float=Decimal)
        ids[bid["timestamp"], bid["bidder_id"], Decimal(bid["bid_amount"]), bid["auction_id"]] = bid["message_id"]

bids = []
for row in csv.DictReader(open(path, encoding="utf-8")):
    time = OPENING + timedelta(microseconds=int(Decimal(row["bidtime"]) * 864_000_000_000) // 10)
    amount = Decimal(row["bid"])
    bids.append({
        "time": time, "item": row["item"], "bidder": row["bidder"], "auction": row["auctionid"],
        "amount": amount.quantize(Decimal("0.0001")), "id": ids[iso(time), row["bidder"], amount, row["auctionid"]]})
bids.sort(key=lambda bid: (bid["time"], bid["id"]))


def group(key):
    groups = defaultdict(list)
    for bid in bids:
        groups[key(bid)].append(bid)
    return groups


def sums(group, with_bidders=True):
    amounts = [bid["amount"] for bid in group]
    return [
        len(group), *([len({bid["bidder"] for bid in group})] if with_bidders else []), len({bid["auction"] for bid in group}), money(sum(amounts)),
        money(sum(amounts) / len(amounts)), money(min(amounts)), money(max(amounts)), sum(amount > 800 for amount in amounts)]


def hour_of(time):
    return time.astimezone(zone).replace(minute=0, second=0, microsecond=0)


def most_first(groups):
    return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0].encode()))


auctions = group(lambda bid: bid["auction"])
winners = {auction: max(group, key=lambda bid: (bid["amount"], -group.index(bid))) for auction, group in auctions.items()}
won = Counter(bid["bidder"] for bid in winners.values())
winning = defaultdict(list)
for bid in winners.values():
    winning[bid["item"]].append(bid["amount"])


def median(amounts):
    amounts = sorted(amounts)
    middle = len(amounts) // 2
    return amounts[middle] if len(amounts) % 2 else (amounts[middle - 1] + amounts[middle]) / 2


def hot(size=timedelta(hours=1), hop=timedelta(minutes=10)):
    counts = Counter()
    for bid in bids:
        opens = EPOCH + (bid["time"] - EPOCH) // hop * hop
        while bid["time"] < opens + size:
            counts[opens, bid["auction"]] += 1
            opens -= hop
    most = defaultdict(int)
    for (opens, _), count in counts.items():
        most[opens] = max(most[opens], count)
    return [
        [local(opens), local(opens + size), auction, auctions[auction][0]["item"], count]
        for (opens, auction), count in sorted(counts.items()) if count == most[opens]]


def rolling(length=5):
    windows = defaultdict(lambda: deque(maxlen=length))
    for bid in bids:
        window = windows[bid["item"]]
        window.append(bid["amount"])
        yield [local(bid["time"]), bid["item"], money(bid["amount"]), money(sum(window) / len(window)), len(window)]


def amounts(buckets=20):
    cents = [int(bid["amount"] * 100) for bid in bids]
    width = (max(cents) - min(cents)) // buckets + 1
    for low in range(min(cents), max(cents) + 1, width):
        yield [money(Decimal(low) / 100), money(Decimal(low + width) / 100), sum(low <= cent < low + width for cent in cents)]


def rates():
    minutes = defaultdict(list)
    for second, count in Counter(bid["time"].replace(microsecond=0) for bid in bids).items():
        minutes[second.replace(second=0)].append(count)
    return [[local(minute), sum(counts), max(counts)] for minute, counts in sorted(minutes.items())]


reports = {
    "daily": [[day, item, *sums(g)] for (day, item), g in sorted(group(lambda b: (b["time"].astimezone(zone).date(), b["item"])).items())],
    "hourly": [[iso(hour), item, *sums(g)] for (hour, item), g in sorted(group(lambda b: (hour_of(b["time"]), b["item"])).items())],
    "items": [[item, *sums(g)] for item, g in most_first(group(lambda b: b["item"]))],
    "bidders": [[bidder, *sums(g, with_bidders=False), won[bidder]] for bidder, g in most_first(group(lambda b: b["bidder"]))],
    "auctions": [
        [auction, winners[auction]["item"], len(g), len({b["bidder"] for b in g}), local(g[0]["time"]), local(g[-1]["time"]),
         money(g[0]["amount"]), money(winners[auction]["amount"]), winners[auction]["bidder"]]
        for auction, g in sorted(auctions.items(), key=lambda a: (a[1][0]["time"], a[0]))],
    "winning": [
        [item, len(w), money(sum(w) / len(w)), money(median(w)), money(min(w)), money(max(w))] for item, w in sorted(winning.items())],
    "hot": hot(),
    "rolling": list(rolling()),
    "amounts": list(amounts()),
    "rates": rates(),
}
json.dump({name: [[str(value) for value in row] for row in rows] for name, rows in reports.items()}, sys.stdout)
