/* rabbitmq-c with a channel a queue, a prefetch of 200, and acks for 100 messages at once. */
#include "peer.h"

enum { PREFETCH = 200, ACK_EVERY = 100 };

int main(int argc, char **argv) {
    require(argc == 3, "usage");
    long bids = atol(argv[2]), handled = 0;
    uint64_t last[4] = {0};
    int unacked[4] = {0};
    amqp_connection_state_t connection = connect_to(argv[1]);
    for (int channel = 1; channel <= 3; channel++) {
        char queue[64];
        snprintf(queue, sizeof queue, "auction_queue_%s", items[channel - 1]);
        amqp_channel_open(connection, channel);
        require_reply(connection, "channel");
        amqp_basic_qos(connection, channel, 0, PREFETCH, 0);
        require_reply(connection, "prefetch");
        amqp_basic_consume(connection, channel, amqp_cstring_bytes(queue), amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
        require_reply(connection, "consume");
    }

    while (handled < bids) {
        amqp_envelope_t envelope;
        amqp_maybe_release_buffers(connection);
        require(amqp_consume_message(connection, &envelope, NULL, 0).reply_type == AMQP_RESPONSE_NORMAL, "delivery");
        int channel = envelope.channel;
        last[channel] = envelope.delivery_tag;
        if (++unacked[channel] == ACK_EVERY) {
            require(amqp_basic_ack(connection, channel, envelope.delivery_tag, 1) == 0, "ack");
            unacked[channel] = 0;
        }
        handled++;
        amqp_destroy_envelope(&envelope);
    }

    for (int channel = 1; channel <= 3; channel++) {
        if (unacked[channel] > 0) {
            require(amqp_basic_ack(connection, channel, last[channel], 1) == 0, "ack");
        }
    }

    printf("Counts: handled %ld\n", handled);
    amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
    return 0;
}
