// amqplib with a channel a queue, a prefetch of 200, and acks for 100 messages at once.
const amqp = require('amqplib/callback_api');
const [uri, bids] = [process.argv[2], Number(process.argv[3])];
let handled = 0, amounts = 0;
const channels = [];

amqp.connect(uri, (error, connection) => {
  if (error) throw error;
  for (const item of ['electronics', 'furniture', 'art']) {
    connection.createChannel((error, channel) => {
      if (error) throw error;
      const state = { channel, last: null, unacked: 0 };
      channels.push(state);
      channel.prefetch(200);
      channel.consume(`auction_queue_${item}`, (message) => {
        amounts += JSON.parse(message.content.toString()).bid_amount;
        state.last = message;
        if (++state.unacked === 100) {
          channel.ack(message, true);
          state.unacked = 0;
        }
        if (++handled === bids) {
          console.log(`Counts: handled ${handled}`);
          let open = channels.length;
          for (const { channel, last, unacked } of channels) {
            if (unacked > 0) channel.ack(last, true);
            channel.close(() => { if (--open === 0) connection.close(); }); // after its acks, which the connection's close would overtake
          }
        }
      });
    });
  }
});
