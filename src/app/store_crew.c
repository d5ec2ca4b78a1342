/* SPDX-License-Identifier: Apache-2.0 */
#include "app/store_crew.h"

#include "app/store_call.h"

enum { LEASE_DEFAULT_S = 60, LEASE_MAX_S = 3600, MS_PER_S = 1000 };

struct store_crew {
    struct str target;
    enum db_mode mode;
    store_crew_work *work;
    crew_watch *watch;
    void *context;
};

static err_t work_alone(void *context, crew_stop *stop, struct err *err)
{
    const struct store_crew *crew = context;
    struct db *db;
    err_t e = db_open(crew->target, crew->mode, &db, err);
    if (e != OK) return e;
    e = crew->work(db, crew->context, stop, err);
    db_close(db);
    return e;
}

static void watch_crew(void *context)
{
    const struct store_crew *crew = context;
    crew->watch(crew->context);
}

static void set_out_of_range(struct call *call, const char *option)
{
    err_set(call->err, E_USAGE, option, "Số nằm ngoài giới hạn", "The number is out of range");
}

err_t call_lease(struct call *call, int64_t *out_ms)
{
    int64_t lease_s = call_i64(call, "lease", LEASE_DEFAULT_S);
    *out_ms = lease_s * MS_PER_S;
    if (lease_s >= 1 && lease_s <= LEASE_MAX_S) return OK;
    set_out_of_range(call, "lease");
    return err_hint(call->err, "--lease từ 1 đến %d giây", "--lease from 1 to %d seconds",
                    LEASE_MAX_S);
}

err_t call_check_workers(struct call *call)
{
    int64_t workers = call_i64(call, "workers", 1);
    if (workers >= 1 && workers <= CREW_MAX) return OK;
    set_out_of_range(call, "workers");
    return err_hint(call->err, "--workers từ 1 đến %d", "--workers from 1 to %d", CREW_MAX);
}

err_t store_crew_run(struct call *call, enum db_mode mode, store_crew_work *work, void *context,
                     crew_watch *watch)
{
    struct store_crew crew = {.mode = mode, .work = work, .watch = watch, .context = context};
    struct db *db;
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    crew.target = arena_str(call->arena, db_target(db));
    if (crew.target.p == NULL) return err_memory(call->err);
    call_db_close(call);
    return crew_run((size_t)call_i64(call, "workers", 1), work_alone, &crew,
                    watch != NULL ? watch_crew : NULL, call->err);
}
