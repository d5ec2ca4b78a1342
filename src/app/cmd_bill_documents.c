/* SPDX-License-Identifier: Apache-2.0 */
/* bill documents: every bill of a month as a PDF in a folder, by several processes; what is there
 * and whole is left alone, so that an interrupted call is simply repeated. */
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>

#include "app/bill_call.h"
#include "app/document_call.h"
#include "app/progress.h"
#include "app/store_crew.h"
#include "base/file.h"
#include "base/json_write.h"

enum { NUMBERS_BYTES = 1024 * 1024 * 1024, TAIL_BYTES = 6, CHUNK = 16 };

/* A number that waits; they are listed before the processes are made. */
struct waiting {
    struct waiting *next;
    struct str number;
};

/* What the processes share. */
struct shared {
    _Atomic int64_t next; /* the first chunk that nobody took */
    _Atomic int64_t done, written, failed;
};

struct writing {
    struct call *call;
    struct document_form form;
    struct arena numbers;
    struct waiting *first, *last;
    const struct str **number; /* in order */
    int64_t count;
    struct str folder;
    struct shared *shared;
    struct progress progress;
};

/* ---- what there is to do ----------------------------------------------------------------- */

static err_t list_one(void *context, const struct bill_row *row, struct err *err)
{
    struct writing *w = context;
    char memory[BILL_NUMBER_BYTES];
    struct waiting *waiting = ARENA_NEW(&w->numbers, struct waiting);
    if (waiting == NULL) return err_memory(err);
    *waiting = (struct waiting){
        .number = arena_str(&w->numbers, bill_number(row->unit_code, &row->key, memory))};
    if (w->numbers.failed) return err_memory(err);
    if (w->last == NULL) w->first = waiting;
    else w->last->next = waiting;
    w->last = waiting;
    w->count++;
    return OK;
}

static err_t list_all(struct writing *w, struct db *db)
{
    struct call *call = w->call;
    int64_t month = call_month_number(call), i = 0;
    struct bill_filter filter = {
        .unit_code = call_text(call, "unit"), .first_month = month, .last_month = month};
    err_t e = bill_each(db, &filter, list_one, w, call->err);
    if (e != OK) return e;
    w->number = ARENA_ARRAY(&w->numbers, const struct str *, (size_t)w->count);
    if (w->number == NULL) return err_memory(call->err);
    for (const struct waiting *next = w->first; next != NULL; next = next->next)
        w->number[i++] = &next->number;
    return OK;
}

/* ---- writing ----------------------------------------------------------------------------- */

/* Files appear whole (base/file.h), but folders are copied by others too: the last line is looked
 * at. */
static bool is_whole(const char *path)
{
    char tail[TAIL_BYTES];
    FILE *file = fopen(path, "rb");
    if (file == NULL) return false;
    bool whole = fseek(file, -TAIL_BYTES, SEEK_END) == 0 &&
                 fread(tail, 1, TAIL_BYTES, file) == TAIL_BYTES &&
                 str_equal((struct str){tail, TAIL_BYTES}, S("%%EOF\n"));
    fclose(file);
    return whole;
}

static err_t write_one(struct writing *w, struct documents *documents, struct str number,
                       struct buf *pdf, struct err *err)
{
    char memory[FILE_PATH_MAX_BYTES];
    struct buf path;
    buf_init_fixed(&path, memory, sizeof memory);
    buf_printf(&path, "%.*s/%.*s.pdf", STR_ARG(w->folder), STR_ARG(number));
    if (is_whole(memory)) return OK;
    buf_reset(pdf);
    err_t e = documents_bill(documents, number, pdf, err);
    if (e == OK) e = file_write_soon(memory, buf_str(pdf), err);
    if (e == OK) atomic_fetch_add(&w->shared->written, 1);
    else atomic_fetch_add(&w->shared->failed, 1);
    return e;
}

/* A bill that cannot be written does not keep the others; the first error is told. */
static err_t write_chunks(struct writing *w, struct documents *documents, crew_stop *stop,
                          struct err *err)
{
    struct buf pdf;
    err_t first = OK;
    buf_init(&pdf, DOCUMENT_BYTES_MAX);
    while (crew_goes_on(stop, 0)) {
        int64_t start = atomic_fetch_add(&w->shared->next, CHUNK);
        if (start >= w->count) break;
        for (int64_t i = start; i < start + CHUNK && i < w->count; i++) {
            struct err one;
            err_t e = write_one(w, documents, *w->number[i], &pdf, &one);
            if (e != OK && first == OK) *err = one;
            if (first == OK) first = e;
            atomic_fetch_add(&w->shared->done, 1);
        }
    }
    buf_release(&pdf);
    return first;
}

static err_t one_worker(struct db *db, void *context, crew_stop *stop, struct err *err)
{
    struct writing *w = context;
    struct documents *documents = NULL;
    err_t e = documents_open(w->call, db, &w->form, &documents, err);
    if (e == OK) e = write_chunks(w, documents, stop, err);
    documents_close(documents);
    return e;
}

static void show_progress(void *context)
{
    struct writing *w = context;
    progress_at(&w->progress, atomic_load(&w->shared->done));
}

/* ---- the command ------------------------------------------------------------------------- */

static err_t refuse_nothing(struct call *call)
{
    err_set(call->err, E_NOT_FOUND, "month", "Tháng này không có hóa đơn nào",
            "The month has no bills");
    return err_hint(call->err, "Xem hóa đơn bằng sangden bill list --month",
                    "See the bills with sangden bill list --month");
}

static void print_counts(struct writing *w)
{
    struct call *call = w->call;
    int64_t written = atomic_load(&w->shared->written), failed = atomic_load(&w->shared->failed);
    int64_t there = atomic_load(&w->shared->done) - written - failed;
    if (call->json) {
        struct json_writer json;
        json_writer_init(&json, call->out);
        json_object(&json, JSON_ITEM);
        json_i64(&json, S("written"), written);
        json_i64(&json, S("there"), there);
        json_i64(&json, S("failed"), failed);
        call_mark_json(call, &json);
        json_end(&json);
        buf_add_char(call->out, '\n');
        return;
    }
    buf_printf(call->out,
               "Đã ghi %lld tài liệu, %lld đã có sẵn\n  %lld documents written, %lld "
               "were there\n",
               (long long)written, (long long)there, (long long)written, (long long)there);
}

static err_t write_all(struct writing *w)
{
    struct call *call = w->call;
    w->shared =
        mmap(NULL, sizeof *w->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (w->shared == MAP_FAILED) return err_memory(call->err);
    progress_start(&w->progress, "bill documents", "Ghi tài liệu", "hóa đơn", w->count);
    err_t e = store_crew_run(call, DB_READ, one_worker, w, show_progress);
    if (e == OK) e = folder_settle(w->folder.p, call->err);
    show_progress(w);
    progress_end(&w->progress);
    print_counts(w);
    munmap(w->shared, sizeof *w->shared);
    return e;
}

static err_t run(struct call *call)
{
    struct db *db;
    struct writing w = {.call = call, .form = document_form(call)};
    w.folder = arena_str(call->arena, call_text(call, "out"));
    err_t e = call_check_workers(call);
    if (e == OK) e = call_db(call, &db);
    if (e != OK) return e;
    arena_init(&w.numbers, NUMBERS_BYTES);
    e = list_all(&w, db);
    if (e == OK && w.count == 0) e = refuse_nothing(call);
    if (e == OK) e = folder_make(w.folder.p, call->err);
    if (e == OK) e = write_all(&w);
    arena_release(&w.numbers);
    return e;
}

static const struct option_spec options[] = {
    BILL_MONTH_OPTION,
    BILL_UNIT_OPTION,
    {"out", OPTION_TEXT, true, "DIR", "thư mục nhận các tệp PDF", "the folder for the PDF files"},
    BILL_WORKERS_OPTION,
    DOCUMENT_FORM_OPTIONS,
};

const struct command command_bill_documents = {
    .name = "bill documents",
    .store = STORE_READS,
    .help_vi = "Ghi mọi hóa đơn của một tháng thành PDF; bị ngắt thì chạy lại để làm tiếp",
    .help_en = "Write every bill of a month as PDF; when interrupted, run it again to go on",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
