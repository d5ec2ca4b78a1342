/* SPDX-License-Identifier: Apache-2.0 */
/* Channels: notes are added up by day and channel, and a store that refuses loses nothing. */
#include "people.h"

#include "base/date.h"
#include "identity/channel.h"

struct seen {
    int64_t browser, installed, rows;
    bool newest_first;
    char before[DATE_TEXT_BYTES];
};

static void take(void *context, const struct channel_visits *row)
{
    struct seen *seen = context;
    bool browser = str_equal(row->channel, S("browser"));
    assert_true(row->vi.n > 0 && row->en.n > 0);
    *(browser ? &seen->browser : &seen->installed) += row->visits;
    seen->newest_first &= seen->rows == 0 || str_compare(row->seen_on, str_of(seen->before)) <= 0;
    memcpy(seen->before, row->seen_on.p, row->seen_on.n);
    seen->rows++;
}

static struct seen ask(struct db *db, int32_t from_day, int32_t to_day)
{
    struct seen seen = {.newest_first = true};
    MUST(channel_each(db, from_day, to_day, take, &seen, &err));
    return seen;
}

static void visits_are_added_up_by_day(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    int32_t day = day_from_civil(2026, 11, 28);
    MUST(channel_flush(db, &err)); /* nothing was noted */
    for (int i = 0; i < 3; i++) channel_seen(CHANNEL_browser, day);
    channel_seen(CHANNEL_installed, day);
    assert_int_equal(ask(db, day, day).rows, 0); /* not before the flush */
    MUST(channel_flush(db, &err));
    channel_seen(CHANNEL_installed, day);
    MUST(channel_flush(db, &err));
    channel_seen(CHANNEL_browser, day + 1);
    MUST(channel_flush(db, &err));
    MUST(channel_flush(db, &err)); /* and once is enough */
    struct seen first = ask(db, day, day), both = ask(db, day, day + 1);
    assert_int_equal(first.browser, 3);
    assert_int_equal(first.installed, 2);
    assert_int_equal(both.browser, 4);
    assert_int_equal(both.rows, 3);
    assert_true(both.newest_first);
    assert_int_equal(ask(db, day + 2, day + 9).rows, 0);
    people_done();
}

static void a_refusal_loses_nothing(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    int32_t day = day_from_civil(2026, 11, 28);
    channel_seen(CHANNEL_installed, day);
    MUST(db_run(db, "ALTER TABLE channel_day RENAME TO channel_away", NO_ARGS, NULL, &err));
    assert_int_equal(channel_flush(db, &err), E_STORE);
    MUST(db_run(db, "ALTER TABLE channel_away RENAME TO channel_day", NO_ARGS, NULL, &err));
    channel_seen(CHANNEL_installed, day);
    MUST(channel_flush(db, &err));
    assert_int_equal(ask(db, day, day).installed, 2);
    people_done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(visits_are_added_up_by_day),
        ON_BOTH_STORES(a_refusal_loses_nothing),
    };
    return run_store_tests("identity channel", tests);
}
