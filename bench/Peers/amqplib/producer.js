// amqplib with confirms, and a window of 1,000 unconfirmed publishes.
const amqp = require('amqplib/callback_api');
const [uri, bids] = [process.argv[2], Number(process.argv[3])];
const items = ['electronics', 'furniture', 'art'];
const options = { persistent: true, mandatory: true, contentType: 'application/json' };

amqp.connect(uri, (error, connection) => {
  if (error) throw error;
  connection.createConfirmChannel((error, channel) => {
    if (error) throw error;
    let sent = 0, confirmed = 0;
    const onConfirm = (error) => {
      if (error) throw error;
      if (++confirmed === bids) {
        console.log(`Counts: confirmed ${confirmed}`);
        connection.close();
      } else {
        send();
      }
    };
    const send = () => {
      for (; sent < bids && sent - confirmed < 1000; sent++) {
        const item = items[sent % 3];
        const bid = { bidder_id: sent, bid_amount: 512.34, timestamp: new Date().toISOString(), item, bidder_name: 'Ann Example', bidder_email: 'ann.example@example.com' };
        channel.publish('auction_bids', `bid.${item}`, Buffer.from(JSON.stringify(bid)), options, onConfirm);
      }
    };
    send();
  });
});
