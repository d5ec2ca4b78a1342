/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/server_int.h"

enum { BACKLOG = 4096, PORT_TEXT_BYTES = 8, NAME_BYTES = 64 };

static err_t refuse_address(struct str address, int64_t port, struct err *err)
{
    err_set(err, E_USAGE, "address", "Không phải là địa chỉ IP: “%.*s”, cổng %lld",
            "This is no IP address: “%.*s”, port %lld", STR_ARG(str_first(address, NAME_BYTES)),
            (long long)port);
    return err_hint(err, "Ghi như 127.0.0.1, 0.0.0.0 hoặc ::, cổng từ 0 đến 65535",
                    "Write 127.0.0.1, 0.0.0.0 or ::, a port from 0 to 65535");
}

static err_t fail_to_listen(struct str address, int64_t port, struct err *err)
{
    err_set(err, E_OUTSIDE, "address", "Không nghe được trên %.*s cổng %lld",
            "%.*s port %lld cannot be listened on", STR_ARG(address), (long long)port);
    err_detail(err, "%s", "%s", strerror(errno));
    return err_hint(err, "Chọn cổng khác, hoặc dừng chương trình đang giữ cổng này",
                    "Choose another port, or stop the program that holds this one");
}

static err_t resolve(struct str address, int64_t port, struct addrinfo **out, struct err *err)
{
    char name[NAME_BYTES], service[PORT_TEXT_BYTES];
    struct buf name_text, service_text;
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                             .ai_socktype = SOCK_STREAM};
    buf_init_fixed(&name_text, name, sizeof name);
    buf_init_fixed(&service_text, service, sizeof service);
    buf_add(&name_text, address);
    buf_add_i64(&service_text, port);
    bool good = address.n > 0 && !name_text.failed && port >= 0 && port <= 65535 &&
                getaddrinfo(name, service, &hints, out) == 0;
    return good ? OK : refuse_address(address, port, err);
}

err_t listen_on(struct str address, int64_t port, int *out_socket, struct err *err)
{
    struct addrinfo *found;
    const int yes = 1;
    err_t e = resolve(address, port, &found, err);
    if (e != OK) return e;
    int s = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool good = s >= 0 && setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) == 0 &&
                bind(s, found->ai_addr, found->ai_addrlen) == 0 && listen(s, BACKLOG) == 0;
    freeaddrinfo(found);
    if (!good) {
        e = fail_to_listen(address, port, err);
        if (s >= 0) close(s);
        return e;
    }
    *out_socket = s;
    return OK;
}

int64_t listen_port(int socket)
{
    struct sockaddr_storage bound = {0};
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    socklen_t bytes = sizeof bound;
    if (getsockname(socket, (struct sockaddr *)&bound, &bytes) != 0) return 0;
    memcpy(&four, &bound, sizeof four);
    memcpy(&six, &bound, sizeof six);
    if (bound.ss_family == AF_INET) return ntohs(four.sin_port);
    return bound.ss_family == AF_INET6 ? ntohs(six.sin6_port) : 0;
}

/* The kernel asks this program which socket of the port a new connection goes to; an index beyond
 * the last one means: as it likes. */
void listen_steer(int socket, unsigned index)
{
    struct sock_filter code[] = {{BPF_RET | BPF_K, 0, 0, index}};
    struct sock_fprog program;
    memset(&program, 0, sizeof program); /* its padding goes to the kernel, too */
    program.len = ARRAY_COUNT(code);
    program.filter = code;
    int failed = setsockopt(socket, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof program);
    (void)
        failed; /* Then the kernel goes on to spread; what comes here is answered until the end. */
}
