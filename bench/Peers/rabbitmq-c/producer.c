/* rabbitmq-c with confirms, and a window of 1,000 unconfirmed publishes. */
#include "peer.h"

enum { WINDOW = 1000 };

int main(int argc, char **argv) {
    const char *text = "{\"bidder_id\": 123, \"bid_amount\": 512.34, \"timestamp\": \"2024-06-12T03:56:06.410536+00:00\", \"item\": \"art\", "
                       "\"bidder_name\": \"Ann Example\", \"bidder_email\": \"ann.example@example.com\"}";
    require(argc == 3, "usage");
    long bids = atol(argv[2]);
    amqp_connection_state_t connection = connect_to(argv[1]);
    amqp_channel_open(connection, 1);
    require_reply(connection, "channel");
    amqp_confirm_select(connection, 1);
    require_reply(connection, "confirms");

    amqp_basic_properties_t properties;
    memset(&properties, 0, sizeof properties);
    properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG;
    properties.content_type = amqp_cstring_bytes("application/json");
    properties.delivery_mode = 2;
    amqp_bytes_t body = amqp_cstring_bytes(text);
    amqp_bytes_t exchange = amqp_cstring_bytes("auction_bids");
    amqp_bytes_t keys[] = {amqp_cstring_bytes("bid.electronics"), amqp_cstring_bytes("bid.furniture"), amqp_cstring_bytes("bid.art")};

    /* A confirm with "multiple" may include a delivery tag that was confirmed alone before. */
    char *is_confirmed = calloc(bids + 1, 1);
    long sent = 0, confirmed = 0;
    uint64_t oldest = 1;
    while (confirmed < bids) {
        for (; sent < bids && sent - confirmed < WINDOW; sent++) {
            require(amqp_basic_publish(connection, 1, exchange, keys[sent % 3], 1, 0, &properties, body) == AMQP_STATUS_OK, "publish");
        }

        amqp_frame_t frame;
        struct timeval none = {0, 0};
        amqp_maybe_release_buffers(connection);
        int status = amqp_simple_wait_frame(connection, &frame);
        while (status == AMQP_STATUS_OK) {
            require(frame.frame_type == AMQP_FRAME_METHOD && frame.payload.method.id == AMQP_BASIC_ACK_METHOD, "confirm");
            amqp_basic_ack_t *ack = frame.payload.method.decoded;
            if (!ack->multiple) {
                confirmed += !is_confirmed[ack->delivery_tag];
                is_confirmed[ack->delivery_tag] = 1;
            }
            for (; ack->multiple && oldest <= ack->delivery_tag; oldest++) {
                confirmed += !is_confirmed[oldest];
                is_confirmed[oldest] = 1;
            }
            status = amqp_simple_wait_frame_noblock(connection, &frame, &none);
        }
        require(status == AMQP_STATUS_TIMEOUT, "wait");
    }

    printf("Counts: confirmed %ld\n", confirmed);
    amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
    return 0;
}
