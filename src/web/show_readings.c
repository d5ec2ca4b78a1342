/* SPDX-License-Identifier: Apache-2.0 */
/* The readings of a customer: every register with its source, use and photo. */
#include "web/show_portal.h"

#include "document/wording.h"
#include "web/show_int.h"

enum { MILLI_PLACES = 3 };

static const enum web_text source_words[] = {[SOURCE_MANUAL] = TEXT_readings_by_hand,
                                             [SOURCE_PHOTO] = TEXT_readings_by_photo,
                                             [SOURCE_REMOTE] = TEXT_readings_remote,
                                             [SOURCE_CUSTOMER] = TEXT_readings_by_customer,
                                             [SOURCE_CALCULATED] = TEXT_readings_calculated};
static const enum web_text kind_words[] = {[READING_PERIODIC] = TEXT_readings_periodic,
                                           [READING_OPENING] = TEXT_readings_opening,
                                           [READING_CLOSING] = TEXT_readings_closing,
                                           [READING_FINAL] = TEXT_readings_final,
                                           [READING_CHECK] = TEXT_readings_check};
static const enum web_text reason_words[] = {[NOT_READ_NONE] = TEXT_readings_not_read,
                                             [NOT_READ_LOCKED] = TEXT_readings_locked,
                                             [NOT_READ_FLOODED] = TEXT_readings_flooded,
                                             [NOT_READ_RESTRICTED] = TEXT_readings_restricted,
                                             [NOT_READ_DANGEROUS] = TEXT_readings_dangerous,
                                             [NOT_READ_BURNT] = TEXT_readings_burnt,
                                             [NOT_READ_DISPLAY_DARK] = TEXT_readings_dark};

enum web_text reading_source_word(enum reading_source source)
{
    return source_words[source];
}

enum web_text reading_kind_word(enum reading_kind kind)
{
    return kind_words[kind];
}

enum web_text not_read_word(enum not_read reason)
{
    return reason_words[reason];
}

/* What stands above the registers that were read together. */
static bool begins_group(const struct reading_seen *row, const struct reading_seen *before)
{
    return before == NULL || before->day != row->day || before->point_id != row->point_id ||
           before->installation_id != row->installation_id || before->kind != row->kind ||
           before->source != row->source;
}

static struct str use_words(const struct show *show, const struct reading_seen *row)
{
    const char *unit = row->reg == REGISTER_VC ? " kVArh" : " kWh";
    if (row->use_wh < 0) return S("");
    return wording_figure(show->arena, row->use_wh, MILLI_PLACES, unit, show->english);
}

static struct page_readings_rows row_of(const struct show *show,
                                        const struct show_readings_row *shown,
                                        const struct reading_seen *before)
{
    const struct reading_seen *row = shown->reading;
    struct page_readings_rows out = {.first = begins_group(row, before),
                                     .day = row->day,
                                     .kind = kind_words[row->kind],
                                     .source = source_words[row->source],
                                     .meter = row->serial,
                                     .factor = row->multiplier == 1 ? 0 : row->multiplier,
                                     .words = facts_register_words(row->reg, show->english),
                                     .read = row->index_wh >= 0,
                                     .reason = reason_words[row->not_read],
                                     .use = use_words(show, row),
                                     .rollover = row->rollover,
                                     .corrected = row->corrected,
                                     .photo = shown->photo,
                                     .photo_gone = shown->photo_gone};
    if (out.read) out.index = wording_index(show->arena, row->index_wh, show->english);
    return out;
}

err_t show_readings(const struct show *show, const struct show_readings *readings)
{
    struct portal_links links;
    struct page_readings_rows *rows =
        ARENA_ARRAY(show->arena, struct page_readings_rows, readings->row_count);
    if (rows == NULL) return err_memory(show->err);
    portal_links(&links, PORTAL_READINGS);
    for (size_t i = 0; i < readings->row_count; i++)
        rows[i] = row_of(show, &readings->rows[i], i == 0 ? NULL : readings->rows[i - 1].reading);
    page_readings(show->out, show->english,
                  &(struct page_readings){.visit = visit_of(show),
                                          .links = links.link,
                                          .links_count = PORTAL_LINKS,
                                          .hotline = show->hotline,
                                          .agreement = readings->agreement,
                                          .first_month = readings->first_month,
                                          .last_month = readings->last_month,
                                          .rows = rows,
                                          .rows_count = readings->row_count,
                                          .before = readings->before,
                                          .after = readings->after,
                                          .earlier = readings->earlier,
                                          .left = readings->left});
    return shown(show);
}
