"""pika's blocking connection with confirms, as the reference programs use it: each publish awaits its confirm."""
import json
import sys
from datetime import datetime, timezone

import pika

connection = pika.BlockingConnection(pika.URLParameters(sys.argv[1]))
channel = connection.channel()
channel.confirm_delivery()
properties = pika.BasicProperties(delivery_mode=2, content_type="application/json")
items = ["electronics", "furniture", "art"]
confirmed = 0
for number in range(int(sys.argv[2])):
    item = items[number % 3]
    bid = {"bidder_id": number, "bid_amount": 512.34, "timestamp": datetime.now(timezone.utc).isoformat(), "item": item,
           "bidder_name": "Ann Example", "bidder_email": "ann.example@example.com"}
    channel.basic_publish("auction_bids", f"bid.{item}", json.dumps(bid), properties, mandatory=True)
    confirmed += 1
print(f"Counts: confirmed {confirmed}")
connection.close()
