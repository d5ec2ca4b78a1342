/* SPDX-License-Identifier: Apache-2.0 */
/* The morning page, and the lists that its numbers open. */
#include "web/show_billing.h"
#include "web/show_operations_int.h"

static struct str change_words(const struct show *show, const struct show_change *change)
{
    struct str words = web_text(change->words, show->english);
    if (change->kind.n == 0) return words;
    return arena_printf(show->arena, "%.*s: %.*s", STR_ARG(words), STR_ARG(change->kind));
}

err_t show_ops_morning(const struct show *show, const struct show_operations *frame,
                       const struct show_morning *morning)
{
    struct operations_links links;
    int64_t days = (int64_t)morning->due_day - morning->today;
    struct page_ops_morning_figures *figures =
        ARENA_ARRAY(show->arena, struct page_ops_morning_figures, morning->figure_count);
    struct page_ops_morning_changes *changes =
        ARENA_ARRAY(show->arena, struct page_ops_morning_changes, morning->change_count);
    if (figures == NULL || changes == NULL) return err_memory(show->err);
    for (size_t i = 0; i < morning->figure_count; i++) {
        const struct show_figure *figure = &morning->figures[i];
        figures[i] = (struct page_ops_morning_figures){.words = figure->words,
                                                       .count = figure->count,
                                                       .unknown = figure->unknown,
                                                       .note = figure->note,
                                                       .address = figure->address};
    }
    for (size_t i = 0; i < morning->change_count; i++)
        changes[i] =
            (struct page_ops_morning_changes){.words = change_words(show, &morning->changes[i]),
                                              .count = morning->changes[i].count,
                                              .address = morning->changes[i].address};
    operations_links(frame, OPERATIONS_morning, &links);
    page_ops_morning(show->out, show->english,
                     &(struct page_ops_morning){
                         OPERATIONS_FRAME(show, frame, links), .known = morning->month >= 0,
                         .month = morning->month, .late = morning->any_due && days < 0,
                         .open = morning->any_due && days >= 0, .done = !morning->any_due,
                         .due_days = days < 0 ? -days : days, .due_on = morning->due_day,
                         .planned = morning->planned, .unbilled = morning->unbilled,
                         .figures = figures, .figures_count = morning->figure_count,
                         .since = morning->since_day, .changes = changes,
                         .changes_count = morning->change_count});
    return shown(show);
}

err_t show_ops_changes(const struct show *show, const struct show_operations *frame,
                       const struct show_changes *changes)
{
    struct operations_links links;
    struct page_ops_changes_rows *rows =
        ARENA_ARRAY(show->arena, struct page_ops_changes_rows, changes->row_count);
    if (rows == NULL) return err_memory(show->err);
    for (size_t i = 0; i < changes->row_count; i++)
        rows[i] = (struct page_ops_changes_rows){.at = changes->rows[i].at_ms,
                                                 .words = changes->rows[i].words,
                                                 .address = changes->rows[i].address};
    operations_links(frame, OPERATIONS_morning, &links);
    page_ops_changes(
        show->out, show->english,
        &(struct page_ops_changes){OPERATIONS_FRAME(show, frame, links), .title = changes->title,
                                   .kind = changes->kind, .since = changes->since_day, .rows = rows,
                                   .rows_count = changes->row_count, .after = changes->after});
    return shown(show);
}

err_t show_ops_list(const struct show *show, const struct show_operations *frame,
                    const struct show_list *list)
{
    struct operations_links links;
    struct page_ops_list_rows *rows =
        ARENA_ARRAY(show->arena, struct page_ops_list_rows, list->row_count);
    if (rows == NULL) return err_memory(show->err);
    for (size_t i = 0; i < list->row_count; i++) {
        const struct show_list_row *row = &list->rows[i];
        rows[i] = (struct page_ops_list_rows){.point = row->point,
                                              .agreement = row->agreement,
                                              .customer = row->customer,
                                              .book = row->book,
                                              .book_address = row->book_address,
                                              .spikes = row->spikes,
                                              .reason = row->reason,
                                              .concerns = row->concerns,
                                              .remedy = row->remedy,
                                              .due = row->due_day >= 0,
                                              .late = row->due_day < list->today,
                                              .due_on = row->due_day};
    }
    operations_links(frame, OPERATIONS_morning, &links);
    page_ops_list(show->out, show->english,
                  &(struct page_ops_list){
                      OPERATIONS_FRAME(show, frame, links), .title = list->title,
                      .lead = list->lead, .month = list->month, .rows = rows,
                      .rows_count = list->row_count, .first = list->first, .after = list->after});
    return shown(show);
}
