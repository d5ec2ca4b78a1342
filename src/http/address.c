/* SPDX-License-Identifier: Apache-2.0 */
#include "http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "http/decode.h"

enum { IPV4_BITS_BEFORE = 96 };

static const unsigned char ipv4_prefix[12] = {[10] = 0xff, [11] = 0xff};

static bool is_ipv4(const struct http_address *address)
{
    return memcmp(address->byte, ipv4_prefix, sizeof ipv4_prefix) == 0;
}

bool http_address_parse(struct str text, struct http_address *out)
{
    char name[HTTP_ADDRESS_TEXT_BYTES];
    struct http_address parsed;
    if (text.n == 0 || text.n >= sizeof name) return false;
    memcpy(name, text.p, text.n);
    name[text.n] = '\0';
    memcpy(parsed.byte, ipv4_prefix, sizeof ipv4_prefix);
    bool good = inet_pton(AF_INET, name, parsed.byte + sizeof ipv4_prefix) == 1 ||
                inet_pton(AF_INET6, name, parsed.byte) == 1;
    if (good) *out = parsed;
    return good;
}

struct http_address http_address_of(const struct sockaddr *socket)
{
    struct http_address address = {{0}};
    struct sockaddr_in six_or_four;
    struct sockaddr_in6 six;
    if (socket != NULL && socket->sa_family == AF_INET) {
        memcpy(&six_or_four, socket, sizeof six_or_four);
        memcpy(address.byte, ipv4_prefix, sizeof ipv4_prefix);
        memcpy(address.byte + sizeof ipv4_prefix, &six_or_four.sin_addr, 4);
    } else if (socket != NULL && socket->sa_family == AF_INET6) {
        memcpy(&six, socket, sizeof six);
        memcpy(address.byte, &six.sin6_addr, sizeof address.byte);
    }
    return address;
}

struct str http_address_text(const struct http_address *address, char out[HTTP_ADDRESS_TEXT_BYTES])
{
    const char *text =
        is_ipv4(address)
            ? inet_ntop(AF_INET, address->byte + sizeof ipv4_prefix, out, HTTP_ADDRESS_TEXT_BYTES)
            : inet_ntop(AF_INET6, address->byte, out, HTTP_ADDRESS_TEXT_BYTES);
    return str_of(text);
}

bool http_address_is_loopback(const struct http_address *address)
{
    static const struct http_address six = {{[15] = 1}};
    return is_ipv4(address) ? address->byte[sizeof ipv4_prefix] == 127
                            : memcmp(address, &six, sizeof six) == 0;
}

/* ---- networks ----------------------------------------------------------------------------- */

static bool parse_network(struct str text, struct http_network *out)
{
    size_t slash = str_find(text, '/');
    int64_t bits;
    if (!http_address_parse(str_sub(text, 0, slash), &out->address)) return false;
    unsigned before = is_ipv4(&out->address) ? IPV4_BITS_BEFORE : 0;
    out->bits = 128;
    if (slash == text.n) return true;
    if (!str_to_i64(str_sub(text, slash + 1, text.n), &bits) || bits < 0 || bits > 128 - before)
        return false;
    out->bits = before + (unsigned)bits;
    return true;
}

err_t http_networks_parse(struct str text, const char *field, struct http_networks *out,
                          struct err *err)
{
    struct http_networks networks = {.count = 0};
    struct str piece;
    while (str_split(&text, ',', &piece)) {
        piece = str_trim(piece);
        if (piece.n == 0 && text.n == 0) break;
        if (networks.count < HTTP_TRUSTED_MAX_COUNT &&
            parse_network(piece, &networks.network[networks.count])) {
            networks.count++;
            continue;
        }
        err_set(err, E_USAGE, field, "Không phải là địa chỉ mạng: “%.*s”",
                "This is no address of a network: “%.*s”", STR_ARG(str_first(piece, 60)));
        return err_hint(err, "Ghi như 10.0.0.0/8, 192.0.2.1; nhiều nhất %d địa chỉ",
                        "Write it like 10.0.0.0/8, 192.0.2.1; at most %d addresses",
                        HTTP_TRUSTED_MAX_COUNT);
    }
    *out = networks;
    return OK;
}

static bool network_has(const struct http_network *network, const struct http_address *address)
{
    unsigned whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->address.byte, address->byte, whole) != 0) return false;
    if (rest == 0) return true;
    unsigned mask = 0xffU << (8 - rest) & 0xffU;
    return (network->address.byte[whole] & mask) == (address->byte[whole] & mask);
}

bool http_networks_have(const struct http_networks *networks, const struct http_address *address)
{
    if (http_address_is_loopback(address)) return true;
    for (size_t i = 0; i < networks->count; i++)
        if (network_has(&networks->network[i], address)) return true;
    return false;
}

/* ---- the client --------------------------------------------------------------------------- */

/* Takes the piece behind the last comma off *rest. */
static struct str last_piece(struct str *rest)
{
    size_t comma = rest->n;
    while (comma > 0 && rest->p[comma - 1] != ',') comma--;
    struct str piece = str_trim(str_sub(*rest, comma, rest->n));
    rest->n = comma > 0 ? comma - 1 : 0;
    return piece;
}

struct http_address http_client_address(const struct http_networks *trusted,
                                        const struct http_address *peer,
                                        const struct http_fields *headers)
{
    struct http_address client = *peer;
    for (size_t i = headers->count; i > 0 && http_networks_have(trusted, &client); i--) {
        struct http_field header = headers->field[i - 1];
        if (!http_same_word(header.name, S("X-Forwarded-For"))) continue;
        while (header.value.n > 0 && http_networks_have(trusted, &client))
            if (!http_address_parse(last_piece(&header.value), &client)) return client;
    }
    return client;
}
