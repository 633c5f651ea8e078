#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

static const char *const items[] = {"electronics", "furniture", "art"};

static void require(int ok, const char *what) {
    if (!ok) {
        fprintf(stderr, "%s failed\n", what);
        exit(1);
    }
}

/* Connects as amqp_parse_url reads the address. It keeps the text, so the caller's must stay. */
static amqp_connection_state_t connect_to(char *uri) {
    struct amqp_connection_info info;
    require(amqp_parse_url(uri, &info) == AMQP_STATUS_OK, "the address");
    amqp_connection_state_t connection = amqp_new_connection();
    amqp_socket_t *socket = amqp_tcp_socket_new(connection);
    require(amqp_socket_open(socket, info.host, info.port) == AMQP_STATUS_OK, "connect");
    require(amqp_login(connection, info.vhost, 0, 131072, 60, AMQP_SASL_METHOD_PLAIN, info.user, info.password).reply_type == AMQP_RESPONSE_NORMAL, "login");
    return connection;
}

static void require_reply(amqp_connection_state_t connection, const char *what) {
    require(amqp_get_rpc_reply(connection).reply_type == AMQP_RESPONSE_NORMAL, what);
}
