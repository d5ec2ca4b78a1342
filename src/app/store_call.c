/* SPDX-License-Identifier: Apache-2.0 */
#include "app/store_call.h"

#include <stdlib.h>

#include "app/reading_call.h"
#include "base/clock.h"
#include "base/file.h"
#include "store/store.h"

struct str store_target(void)
{
    const char *target = getenv("SANGDEN_STORE");
    return target == NULL || target[0] == '\0' ? S("sqlite:var/sangden.db") : str_of(target);
}

err_t store_allows_clock(struct str kind, struct err *err)
{
    if (!clock_is_frozen() || str_equal(kind, S("demonstration")) || str_equal(kind, S("test")))
        return OK;
    err_set(err, E_STATE, "SANGDEN_NOW", "Không được đặt đồng hồ khi ghi vào kho dữ liệu thật",
            "The clock may not be set while a real store is changed");
    return err_hint(err,
                    "Bỏ biến SANGDEN_NOW, hoặc dùng kho dữ liệu minh họa hay kiểm thử "
                    "(sangden init --kind test)",
                    "Unset SANGDEN_NOW, or use a demonstration or test store "
                    "(sangden init --kind test)");
}

/* The folder of an SQLite file that a command may create. */
static err_t make_folder(struct str target, struct err *err)
{
    static const struct str sqlite = S_INIT("sqlite:");
    return str_starts(target, sqlite) ? folder_make_for(target.p + sqlite.n, err) : OK;
}

static err_t refuse_version(struct db *db, int64_t version, struct err *err)
{
    struct str place = db_target_public(db);
    if (version == 0) {
        err_set(err, E_STATE, "SANGDEN_STORE", "Kho dữ liệu %.*s còn trống",
                "The store %.*s is empty", STR_ARG(place));
        return err_hint(err, "Khởi tạo bằng: sangden init", "Set it up with: sangden init");
    }
    err_set(err, E_STATE, "SANGDEN_STORE", "Kho dữ liệu %.*s khác phiên bản với chương trình",
            "The store %.*s and the program differ in version", STR_ARG(place));
    err_detail(err, "Kho: %lld; chương trình: %lld", "Store: %lld; program: %lld",
               (long long)version, (long long)store_version_of_program());
    if (version > store_version_of_program())
        return err_hint(err, "Cài phiên bản chương trình mới hơn", "Install a newer program");
    return err_hint(err, "Sao lưu rồi nâng cấp bằng: sangden upgrade",
                    "Make a backup, then run: sangden upgrade");
}

static err_t check_version(struct call *call, struct db *db)
{
    enum command_store what = call->command->store;
    int64_t version = 0;
    err_t e = store_version(db, &version, call->err);
    if (e != OK || version == store_version_of_program()) return e;
    if (what == STORE_FILLS && version < store_version_of_program()) return OK;
    if (what == STORE_CREATES && version == 0) return store_migrate(db, call->err);
    return refuse_version(db, version, call->err);
}

static err_t read_mark(struct call *call, struct db *db, struct str *out_kind)
{
    int64_t version = 0;
    *out_kind = S("");
    err_t e = store_version(db, &version, call->err);
    if (e == OK && version > 0) e = store_property(db, call->arena, S("kind"), out_kind, call->err);
    if (e == OK) call->demonstration = str_equal(*out_kind, S("demonstration"));
    return e;
}

err_t store_check_mark(struct call *call, struct db *db)
{
    struct str kind;
    enum command_store what = call->command->store;
    err_t e = read_mark(call, db, &kind);
    if (e != OK) return e;
    if (!clock_is_frozen() || what == STORE_READS) return OK;
    /* A new store has no mark yet; who makes or fills it asks store_allows_clock. */
    if (kind.n == 0 && (what == STORE_CREATES || what == STORE_FILLS)) return OK;
    return store_allows_clock(kind, call->err);
}

/* A demonstration says so even where its version is refused. */
static err_t prepare(struct call *call, struct db *db)
{
    struct str kind;
    err_t e = read_mark(call, db, &kind);
    if (e == OK) e = check_version(call, db);
    if (e == OK) e = store_check_mark(call, db);
    if (e == OK && call->command->store == STORE_READS) e = call_require_reader(call, db);
    return e;
}

err_t call_db(struct call *call, struct db **out)
{
    static const enum db_mode modes[] = {[STORE_READS] = DB_READ,
                                         [STORE_WRITES] = DB_WRITE,
                                         [STORE_CREATES] = DB_CREATE,
                                         [STORE_FILLS] = DB_CREATE};
    ASSERT(call->command->store != STORE_UNUSED);
    if (call->db == NULL) {
        struct str target = store_target();
        struct db *db = NULL;
        err_t e = OK;
        if (modes[call->command->store] == DB_CREATE) e = make_folder(target, call->err);
        if (e == OK) e = db_open(target, modes[call->command->store], &db, call->err);
        if (e == OK) e = prepare(call, db);
        if (e != OK) {
            if (db != NULL) db_close(db);
            return e;
        }
        call->db = db;
    }
    *out = call->db;
    return OK;
}

void call_db_close(struct call *call)
{
    if (call->db != NULL) db_close(call->db);
    call->db = NULL;
}
