/* SPDX-License-Identifier: Apache-2.0 */
/* By which channels customers come to the portal, day by day. */
#include "app/actor_call.h"
#include "app/listing.h"
#include "identity/channel.h"

enum { DAYS_SHOWN = 30 };

static void take(void *context, const struct channel_visits *row)
{
    struct listing *l = context;
    if (!l->call->json) {
        table_text(&l->table, row->seen_on);
        table_text(&l->table, row->vi);
        table_i64(&l->table, row->visits);
        return;
    }
    listing_item(l);
    json_text(&l->w, S("date"), row->seen_on);
    json_text(&l->w, S("channel"), row->channel);
    json_text(&l->w, S("channel_vi"), row->vi);
    json_text(&l->w, S("channel_en"), row->en);
    json_i64(&l->w, S("visits"), row->visits);
    listing_item_end(l);
}

static err_t run(struct call *call)
{
    static const struct table_column columns[] = {
        {"Ngày", ALIGN_LEFT}, {"Kênh", ALIGN_LEFT}, {"Lượt mở", ALIGN_RIGHT}};
    struct db *db;
    struct listing l;
    int32_t to_day = call_given(call, "to") ? call_day(call, "to") : today();
    int32_t from_day = call_given(call, "from") ? call_day(call, "from") : to_day - DAYS_SHOWN;
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    return listing_end(&l, channel_each(db, from_day, to_day, take, &l, call->err));
}

static const struct option_spec options[] = {
    {"from", OPTION_DAY, false, "YYYY-MM-DD", "từ ngày (mặc định 30 ngày trước)",
     "from this day (default 30 days before)"},
    {"to", OPTION_DAY, false, "YYYY-MM-DD", "đến hết ngày (mặc định hôm nay)",
     "up to this day (default today)"},
};

const struct command command_access_channels = {
    .name = "access channels",
    .store = STORE_READS,
    .help_vi = "Khách hàng mở cổng bao nhiêu lần theo từng kênh mỗi ngày",
    .help_en = "How often customers opened the portal by each channel on each day",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
