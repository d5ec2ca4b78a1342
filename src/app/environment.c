/* SPDX-License-Identifier: Apache-2.0 */
#include "app/environment.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"

enum { PORTAL_BYTES = 200 };

static char portal[PORTAL_BYTES] = "http://127.0.0.1:8080/";

const struct environment_key environment_keys[] = {
#define KEY(name, vi, en) {#name, vi, en},
#include "app/environment.def"
#undef KEY
};
const size_t environment_key_count = ARRAY_COUNT(environment_keys);

bool is_one_slip(struct str a, struct str b)
{
    if (a.n > b.n) return is_one_slip(b, a);
    if (b.n - a.n > 1) return false;
    size_t i = 0;
    while (i < a.n && a.p[i] == b.p[i]) i++;
    if (a.n < b.n) return str_equal(str_sub(a, i, a.n), str_sub(b, i + 1, b.n));
    if (i == a.n) return false;
    if (str_equal(str_sub(a, i + 1, a.n), str_sub(b, i + 1, b.n))) return true;
    return i + 1 < a.n && a.p[i] == b.p[i + 1] && a.p[i + 1] == b.p[i] &&
           str_equal(str_sub(a, i + 2, a.n), str_sub(b, i + 2, b.n));
}

static err_t check_name(struct str name, struct err *err)
{
    for (size_t i = 0; i < environment_key_count; i++) {
        if (!is_one_slip(name, str_of(environment_keys[i].name))) continue;
        err_set(err, E_USAGE, environment_keys[i].name, "Biến môi trường %.*s không có",
                "There is no environment variable %.*s", STR_ARG(name));
        return err_hint(err, "Có phải ý bạn là %s?", "Did you mean %s?", environment_keys[i].name);
    }
    return OK;
}

static err_t check_names(struct err *err)
{
    err_t e = OK;
    for (char **entry = environ; *entry != NULL && e == OK; entry++) {
        struct str text = str_of(*entry);
        e = check_name(str_sub(text, 0, str_find(text, '=')), err);
    }
    return e;
}

/* Whether a command may use this clock is decided where the store opens. */
static err_t set_clock(struct err *err)
{
    const char *now = getenv("SANGDEN_NOW");
    if (now == NULL || now[0] == '\0') return OK;
    int64_t now_ms;
    if (instant_parse(str_of(now), &now_ms) && now_ms >= 0) {
        clock_freeze(now_ms);
        return OK;
    }
    err_set(err, E_USAGE, "SANGDEN_NOW", "Không phải là một thời điểm: “%s”",
            "This is no instant: “%s”", now);
    return err_hint(err, "Viết theo RFC 3339, ví dụ 2026-07-31T13:05:00+07:00",
                    "Write it as RFC 3339, for example 2026-07-31T13:05:00+07:00");
}

static err_t set_log(struct err *err)
{
    const char *word = getenv("SANGDEN_LOG");
    enum log_level level = LOG_WARNING;
    if (word != NULL && word[0] != '\0' && !log_level_parse(str_of(word), &level)) {
        err_set(err, E_USAGE, "SANGDEN_LOG", "Không có mức nhật ký “%s”",
                "There is no log level “%s”", word);
        return err_hint(err, "Chọn debug, info, warning hoặc error",
                        "Choose debug, info, warning or error");
    }
    log_set_level(level);
    return OK;
}

/* An address that may stand in a bill, a link and an HTML attribute as it is. */
static bool is_address(struct str text)
{
    static const struct str never = S_INIT("#?&\"'<>");
    bool scheme = str_starts(text, S("https://")) || str_starts(text, S("http://"));
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] <= ' ' || text.p[i] > '~' || str_find(never, text.p[i]) < never.n)
            return false;
    return scheme && !str_ends(text, S("://"));
}

static err_t set_portal(struct err *err)
{
    struct str text = str_of(getenv("SANGDEN_PORTAL"));
    if (text.n == 0) return OK;
    if (!is_address(text) || text.n + 2 > PORTAL_BYTES) {
        err_set(err, E_USAGE, "SANGDEN_PORTAL", "Không phải là địa chỉ cổng khách hàng: “%.*s”",
                "This is no address of a portal: “%.*s”", STR_ARG(str_first(text, PORTAL_BYTES)));
        return err_hint(err, "Viết như https://dien.example.vn/, không có # ? & và dấu nháy",
                        "Write it like https://dien.example.vn/, without # ? & and quotes");
    }
    struct buf buf;
    buf_init_fixed(&buf, portal, sizeof portal);
    buf_add(&buf, text);
    if (!str_ends(text, S("/"))) buf_add_char(&buf, '/');
    return OK;
}

struct str environment_portal(void)
{
    return str_of(portal);
}

err_t environment_read(struct err *err)
{
    err_t e = check_names(err);
    if (e == OK) e = set_clock(err);
    if (e == OK) e = set_portal(err);
    return e == OK ? set_log(err) : e;
}
