/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks: addresses, and whom we believe about them.
 *
 *   client ─► proxy (trusted) ─► us       X-Forwarded-For: what the client claims, client
 *                                         read from the right, past every trusted address
 *
 * IPv4 inside IPv6 (::ffff:203.0.113.7) is IPv4. Threads: pure. */
#ifndef SANGDEN_HTTP_ADDRESS_H
#define SANGDEN_HTTP_ADDRESS_H

#include "http/http.h"

struct sockaddr;

enum { HTTP_ADDRESS_TEXT_BYTES = 46, HTTP_TRUSTED_MAX_COUNT = 16 };

struct http_address {
    unsigned char byte[16];
};
/* The addresses that share the first bits with one. */
struct http_network {
    struct http_address address;
    unsigned bits; /* of 128 */
};
struct http_networks {
    struct http_network network[HTTP_TRUSTED_MAX_COUNT];
    size_t count;
};

/* A text such as "203.0.113.7" or "2001:db8::1", nothing around it. */
NODISCARD bool http_address_parse(struct str text, struct http_address *out);
/* Of a connection; all zero for a socket without an address. */
struct http_address http_address_of(const struct sockaddr *socket);
struct str http_address_text(const struct http_address *address, char out[HTTP_ADDRESS_TEXT_BYTES]);
bool http_address_is_loopback(const struct http_address *address);

/* "10.0.0.0/8, 2001:db8::/32, 192.0.2.1"; may be empty. E_USAGE with field. */
NODISCARD err_t http_networks_parse(struct str text, const char *field, struct http_networks *out,
                                    struct err *err);
/* Whether the address is loopback or in one of the networks. */
bool http_networks_have(const struct http_networks *networks, const struct http_address *address);

/* The client behind trusted proxies: the last address of X-Forwarded-For that is not trusted
 * itself; peer where the peer is not trusted, or nothing readable was forwarded. */
struct http_address http_client_address(const struct http_networks *trusted,
                                        const struct http_address *peer,
                                        const struct http_fields *headers);

#endif
