/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sending.h"

#include <stdlib.h>
#include <time.h>

#include "app/actor_call.h"
#include "base/clock.h"
#include "base/log.h"

enum { REST_MS = 1000, NAP_MS = 100, NS_PER_MS = 1000000 };

bool sending_is_configured(void)
{
    const char *provider = getenv("SANGDEN_INVOICE_PROVIDER");
    return provider != NULL && provider[0] != '\0';
}

err_t sending_prepare(struct call *call, struct sending *sending)
{
    struct db *db;
    struct actor actor;
    err_t e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK)
        e = actor_require(db, &actor, IDENTITY_EVERY_UNIT, PERMISSION_INVOICE_ISSUE, call->err);
    if (e == OK) e = call_provider(call, &sending->provider, &sending->job.parties);
    if (e == OK) e = send_open_again(db, call->err);
    if (e != OK) return e;
    sending->job.provider = &sending->provider;
    return OK;
}

err_t sending_pass(struct db *db, const struct sending *sending, crew_stop *stop,
                   struct send_counts *out, int64_t *out_added, struct err *err)
{
    int64_t events;
    err_t e = send_collect(db, &sending->job.parties, &events, err);
    if (e == OK) e = send_due(db, out_added, err);
    return e == OK ? send_work(db, &sending->job, crew_goes_on, stop, out, err) : e;
}

void sending_log_trouble(const struct send_counts *counts)
{
    log_event(
        LOG_WARNING, "invoice.send.trouble",
        LOG_FIELDS(log_i64("messages", counts->done), log_i64("troubles", counts->troubles),
                   log_i64("line", counts->line),
                   log_text("reason", PRIVACY_INTERNAL, str_of(counts->first_trouble.en.message))));
}

void sending_rest(int64_t until_ms, crew_stop *stop)
{
    struct timespec nap = {0, (long)NAP_MS * NS_PER_MS};
    int64_t started_ns = clock_monotonic_ns(), left_ms = until_ms - clock_now_ms();
    while (crew_goes_on(stop, 0) &&
           (clock_monotonic_ns() - started_ns) / NS_PER_MS < (left_ms > 0 ? left_ms : REST_MS))
        nanosleep(&nap, NULL);
}
