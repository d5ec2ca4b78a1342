/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines: one event, one line, nothing about a person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"

static void check(enum log_level level, const char *event, struct log_fields fields,
                  const char *expected)
{
    char place[LOG_LINE_MAX_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, place, sizeof place);
    buf_add_log(&buf, INT64_C(1785477900000), level, event, fields);
    assert_string_equal(place, expected);
}

static void a_line_is_logfmt(void **state)
{
    (void)state;
    check(LOG_INFO, "bill.run.end",
          LOG_FIELDS(log_i64("bills", 12), log_text("book", PRIVACY_INTERNAL, S("PD01-03")),
                     log_text("note", PRIVACY_OPEN, S("hai từ")),
                     log_text("none", PRIVACY_OPEN, S(""))),
          "at=2026-07-31T13:05:00+07:00 level=info event=bill.run.end bills=12 book=PD01-03 "
          "note=\"hai từ\" none=\"\"");
}

static void values_cannot_forge_lines(void **state)
{
    (void)state;
    check(LOG_ERROR, "x", LOG_FIELDS(log_text("a", PRIVACY_OPEN, S("1\nat=2 \"b\\\x7f"))),
          "at=2026-07-31T13:05:00+07:00 level=error event=x a=\"1\\x0aat=2 \\\"b\\\\\\x7f\"");
}

static void people_and_secrets_stay_out(void **state)
{
    (void)state;
    check(LOG_WARNING, "x",
          LOG_FIELDS(log_text("phone", PRIVACY_PERSONAL, S("0912345678")),
                     log_text("reason", PRIVACY_SENSITIVE, S("máy thở")),
                     log_text("token", PRIVACY_SECRET, S("abc"))),
          "at=2026-07-31T13:05:00+07:00 level=warning event=x phone=[personal] reason=[sensitive] "
          "token=[secret]");
}

static void levels_have_names(void **state)
{
    (void)state;
    enum log_level level = LOG_ERROR;
    assert_true(log_level_parse(S("debug"), &level) && level == LOG_DEBUG);
    assert_true(log_level_parse(S("error"), &level) && level == LOG_ERROR);
    assert_false(log_level_parse(S("Loud"), &level));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_logfmt),
        cmocka_unit_test(values_cannot_forge_lines),
        cmocka_unit_test(people_and_secrets_stay_out),
        cmocka_unit_test(levels_have_names),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
