/* SPDX-License-Identifier: Apache-2.0 */
/* What waits for a second person. */
#include "app/listing.h"
#include "identity/identity_view.h"

static void take_json(void *context, const struct approval_row *row)
{
    struct listing *l = context;
    struct json_writer *writer = &l->w;
    listing_item(l);
    json_i64(writer, S("unit_id"), row->unit_id);
    json_i64(writer, S("approval"), row->approval_id);
    json_text(writer, S("kind"), row->kind);
    json_text(writer, S("subject"), row->subject);
    json_text(writer, S("state"), row->state);
    json_text(writer, S("proposed_by"), row->proposed_by);
    json_text(writer, S("proposed_on"), row->proposed_on);
    json_text(writer, S("decided_by"), row->decided_by);
    json_text(writer, S("decided_on"), row->decided_on);
    json_text(writer, S("manner"), row->manner);
    json_text(writer, S("reason"), row->reason);
    listing_item_end(l);
}

static void take_text(void *context, const struct approval_row *row)
{
    struct table *table = &((struct listing *)context)->table;
    table_i64(table, row->approval_id);
    table_text(table, row->kind);
    table_text(table, row->subject);
    table_text(table, row->state);
    table_text(table, row->proposed_by);
    table_text(table, row->proposed_on);
    table_text(table, row->decided_by);
    table_text(table, row->decided_on);
    table_text(table, row->manner);
    table_text(table, row->reason);
}

static err_t run(struct call *call)
{
    static const struct table_column columns[] = {
        {"Số", ALIGN_RIGHT},       {"Loại", ALIGN_LEFT},     {"Nội dung", ALIGN_LEFT},
        {"Trạng thái", ALIGN_LEFT}, {"Đề nghị", ALIGN_LEFT}, {"Ngày", ALIGN_LEFT},
        {"Duyệt", ALIGN_LEFT},     {"Ngày", ALIGN_LEFT},     {"Cách", ALIGN_LEFT},
        {"Lý do", ALIGN_LEFT}};
    struct listing l;
    struct db *db;
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    e = approval_each(db, !call_given(call, "all"), call->json ? take_json : take_text, &l,
                      call->err);
    return listing_end(&l, e);
}

static const struct option_spec options[] = {
    {"all", OPTION_FLAG, false, NULL, "cả những việc đã duyệt hoặc từ chối",
     "also those released or refused"},
};

const struct command command_approval_list = {
    .name = "approval list",
    .store = STORE_READS,
    .help_vi = "Những việc chờ người thứ hai duyệt",
    .help_en = "What waits for a second person",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
