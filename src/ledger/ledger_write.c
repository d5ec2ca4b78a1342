/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/date.h"
#include "base/integer.h"
#include "base/memory.h"
#include "ledger/ledger.h"

struct ledger_writer {
    struct db *db;
    int64_t unit_id;
    struct ledger_chart chart;
    char posted_on[DATE_TEXT_BYTES];
    struct bulk *posting;
    struct bulk *item;
    int64_t row_count;
};

err_t ledger_writer_open(struct db *db, int64_t unit_id, const struct ledger_chart *chart,
                         int32_t posted_day, struct ledger_writer **out, struct err *err)
{
    struct ledger_writer *writer = memory_take(sizeof *writer);
    if (writer == NULL) return err_memory(err);
    *writer = (struct ledger_writer){.db = db, .unit_id = unit_id, .chart = *chart};
    day_text(posted_day, writer->posted_on);
    err_t e = bulk_open(db, "posting",
                        "unit_id, account_id, reference, line_no, debit, credit, amount_vnd, "
                        "posted_on",
                        &writer->posting, err);
    if (e == OK)
        e = bulk_open(db, "open_item",
                      "unit_id, account_id, reference, kind, month, due_on, amount_vnd",
                      &writer->item, err);
    if (e != OK) {
        ledger_writer_drop(writer);
        return e;
    }
    *out = writer;
    return OK;
}

void ledger_writer_drop(struct ledger_writer *writer)
{
    if (writer == NULL) return;
    bulk_drop(writer->posting);
    bulk_drop(writer->item);
    memory_give(writer, sizeof *writer);
}

err_t ledger_writer_close(struct ledger_writer *writer, struct err *err)
{
    struct bulk *posting = writer->posting, *item = writer->item;
    memory_give(writer, sizeof *writer);
    err_t e = bulk_close(posting, err);
    if (e != OK) {
        bulk_drop(item);
        return e;
    }
    return bulk_close(item, err);
}

int64_t ledger_writer_rows(const struct ledger_writer *writer)
{
    return writer->row_count;
}

/* One transfer between two sides; nothing for zero. */
static err_t post_row(struct ledger_writer *writer, const struct ledger_document *document,
                      int64_t line_no, enum ledger_side credit, int64_t amount_vnd,
                      struct err *err)
{
    if (amount_vnd == 0) return OK;
    enum ledger_side debit = document->debit;
    if (amount_vnd < 0) {
        enum ledger_side taken = debit;
        debit = credit;
        credit = taken;
        amount_vnd = -amount_vnd;
    }
    ASSERT(debit != credit && amount_vnd > 0);
    writer->row_count++;
    return bulk_row(writer->posting,
                    ARGS(v_i64(writer->unit_id), v_i64(document->account_id),
                         v_text(document->reference), v_i64(line_no),
                         v_text(str_of(writer->chart.number[debit])),
                         v_text(str_of(writer->chart.number[credit])), v_i64(amount_vnd),
                         v_text(str_of(writer->posted_on))),
                    err);
}

err_t ledger_post_only(struct ledger_writer *writer, const struct ledger_document *document,
                       struct err *err)
{
    ASSERT(document->reference.n > 0 && document->reference.n < LEDGER_REFERENCE_BYTES);
    ASSERT(document->net_vnd > INT64_MIN && document->vat_vnd > INT64_MIN);
    err_t e = post_row(writer, document, 1, document->credit, document->net_vnd, err);
    if (e != OK) return e;
    return post_row(writer, document, 2, SIDE_OUTPUT_VAT, document->vat_vnd, err);
}

err_t ledger_post(struct ledger_writer *writer, const struct ledger_document *document,
                  struct err *err)
{
    int64_t total_vnd;
    if (!add_i64(document->net_vnd, document->vat_vnd, &total_vnd)) {
        err_set(err, E_OVERFLOW, NULL, "Số tiền của chứng từ %.*s quá lớn",
                "The amount of document %.*s is too large", STR_ARG(document->reference));
        return err_hint(err, "Kiểm tra sản lượng, giá và số tiền nhập vào của chứng từ này",
                        "Check the use, the prices and the amounts given for this document");
    }
    err_t e = ledger_post_only(writer, document, err);
    if (e != OK || total_vnd == 0) return e;
    char due[DATE_TEXT_BYTES];
    writer->row_count++;
    return bulk_row(writer->item,
                    ARGS(v_i64(writer->unit_id), v_i64(document->account_id),
                         v_text(document->reference), v_text(item_kind_code(document->kind)),
                         v_i64(document->month), v_text(day_text(document->due_day, due)),
                         v_i64(total_vnd)),
                    err);
}
