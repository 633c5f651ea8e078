"""Facts about the eBay auctions, and the file in another order. Shares no code with the suite.

auction_facts.py winners CSV                      who won what
auction_facts.py sales CSV ZONE                   the rows of the report "sales"
auction_facts.py settlements CSV ZONE TIMES MAILS the rows of the report "settlements": TIMES has lines auction|closed|settled in microseconds,
                                                  MAILS is the folder of the .eml files
auction_facts.py stock CSV                        the rows of the report "stock", with the default settings
auction_facts.py shuffle CSV OUT                  the file in another order
"""
import csv
import glob
import random
import re
import sys
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

command, path = sys.argv[1:3]
with open(path, newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))



def price(auction):
    return max(Decimal(row["bid"]) for row in auction)


def rounded(number, places):
    return Decimal(number).quantize(Decimal(places), ROUND_HALF_UP)


def seconds(microseconds):
    whole, _, rest = str(rounded(Decimal(microseconds) / 1_000_000, "0.001")).partition(".")
    return f"{whole}.{rest[:2]}{rest[2:].rstrip('0')}"


def day(time, zone):
    return time.astimezone(ZoneInfo(zone)).date()


EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
OPENING = datetime(2024, 1, 1, tzinfo=timezone.utc)

if command in ("sales", "settlements", "stock"):
    auctions = defaultdict(list)
    for row in rows:
        auctions[row["auctionid"]].append(row)

if command == "sales":
    groups = defaultdict(list)
    for bids in auctions.values():
        closes = OPENING + timedelta(days=int(bids[0]["auction_type"].split()[0]))
        groups[day(closes, sys.argv[3]), bids[0]["item"]].append(price(bids))
    for (date, item), prices in sorted(groups.items()):
        print(date, item, len(prices), 0, rounded(sum(prices), "0.01"), rounded(sum(prices) / len(prices), "0.01"), rounded(max(prices), "0.01"), sep="|")
elif command == "settlements":
    mailed = [text for name in glob.glob(f"{sys.argv[5]}/*.eml") for text in [open(name, encoding="utf-8").read()]]
    mailed = {auction for text in mailed for auction in re.findall(r"\b\d{10}\b", text) if auction in auctions}
    groups = defaultdict(list)
    for line in open(sys.argv[4], encoding="utf-8"):
        auction, closed, settled = line.split("|")
        date = day(EPOCH + timedelta(microseconds=int(settled)), sys.argv[3])
        groups[date, auctions[auction][0]["item"]].append((int(settled) - int(closed), auction))
    for (date, item), sales in sorted(groups.items()):
        waits = sorted(wait for wait, _ in sales)
        middle = Decimal(waits[(len(waits) - 1) // 2] + waits[len(waits) // 2]) / 2
        p99 = waits[(99 * len(waits) + 99) // 100 - 1]
        total = sum(price(auctions[auction]) for _, auction in sales)
        print(date, item, len(sales), rounded(total, "0.01"), seconds(middle), seconds(p99), sum(auction in mailed for _, auction in sales), sep="|")
elif command == "stock":
    sold = defaultdict(int)
    for bids in auctions.values():
        sold[re.sub("[^a-z0-9]", "_", bids[0]["item"].lower())] += 1
    for item, count in sorted(sold.items()):
        start = now = 20
        refilled = 0
        for _ in range(count):
            now -= 1
            if now < 5:
                refilled, now = refilled + 20 - now, 20
        print(item, start, refilled, count, now, sep="|")
elif command == "winners":
    auctions = defaultdict(list)
    for row in rows:
        auctions[row["auctionid"]].append(row)
    for auction, bids in sorted(auctions.items()):
        best = min(bids, key=lambda row: (-Decimal(row["bid"]), Decimal(row["bidtime"])))
        amount = Decimal(best["bid"])
        amount = amount.quantize(Decimal(1)) if amount == amount.to_integral() else amount.normalize()
        print(auction, best["bidder"], amount, len(bids), len({row["bidder"] for row in bids}), sep="|")
elif command == "shuffle":
    # Each bid comes up to a minute late.
    late = random.Random(5)
    rows.sort(key=lambda row: float(row["bidtime"]) + late.random() * 60 / 86400)
    with open(sys.argv[3], "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
