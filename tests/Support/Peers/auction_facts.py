"""Facts about the eBay auctions, and the file in another order. Shares no code with the suite."""
import csv
import random
import sys
from collections import defaultdict
from decimal import Decimal

command, path = sys.argv[1:3]
with open(path, newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))

if command == "winners":
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
