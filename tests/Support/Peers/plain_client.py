"""A plain AMQP client (pika): durable queues without arguments, messages with a delivery mode and nothing else."""
import json
import sys

import pika

uri, action, queue = sys.argv[1:4]
connection = pika.BlockingConnection(pika.URLParameters(uri))
channel = connection.channel()
channel.queue_declare(queue=queue, durable=True)
if action == "send":
    channel.basic_publish(exchange="", routing_key=queue, body=sys.argv[4], properties=pika.BasicProperties(delivery_mode=2))
elif action == "read":
    method, properties, body = channel.basic_get(queue=queue, auto_ack=True)
    bid = json.loads(body)
    kind = "number" if isinstance(bid["bid_amount"], (int, float)) else "text"
    print(f"keys={','.join(sorted(bid))} amount={kind} item={bid['item']} delivery_mode={properties.delivery_mode} "
          f"content_type={properties.content_type} message_id={properties.message_id} app_id={properties.app_id}")
connection.close()
