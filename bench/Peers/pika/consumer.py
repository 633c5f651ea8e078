"""pika's blocking connection with a prefetch of 200 and an ack a message, as the reference programs use it."""
import json
import sys

import pika

bids = int(sys.argv[2])
handled = 0
connection = pika.BlockingConnection(pika.URLParameters(sys.argv[1]))
channel = connection.channel()
channel.basic_qos(prefetch_count=200)


def handle(channel, method, properties, body):
    global handled
    json.loads(body)
    channel.basic_ack(method.delivery_tag)
    handled += 1
    if handled == bids:
        channel.stop_consuming()


for item in ["electronics", "furniture", "art"]:
    channel.basic_consume(f"auction_queue_{item}", handle)
channel.start_consuming()
print(f"Counts: handled {handled}")
connection.close()
