/* SPDX-License-Identifier: Apache-2.0 */
/* How far a long job is, on standard error: a bar on a terminal, plain lines elsewhere.
 *
 *   terminal   Tính hóa đơn  [██████████░░░░░░░░░░]  50 %  12.345 hóa đơn/giây  còn 1:05
 *   elsewhere  progress job="bill run" done=500000 total=1000000 per_second=12345 left_s=65
 *
 * Cheap to call for every item: nothing is written more often than needed.
 * Threads: one owner. */
#ifndef SANGDEN_APP_PROGRESS_H
#define SANGDEN_APP_PROGRESS_H

#include "base/buffer.h"

struct progress {
    const char *title_vi; /* "Tính hóa đơn" */
    const char *unit_vi;  /* "hóa đơn" */
    const char *job;      /* "bill run" */
    int64_t total;        /* 0 when not known */
    int64_t done;
    int64_t started_ns;
    int64_t written_ns;
    int64_t written_done;
    bool terminal;
};

/* Starts the job's time; total is 0 when not known. The texts must outlive the progress. */
void progress_start(struct progress *progress, const char *job, const char *title_vi,
                    const char *unit_vi, int64_t total);
/* done: items finished so far, in all. */
void progress_at(struct progress *progress, int64_t done);
/* Writes the last line. */
void progress_end(struct progress *progress);

/* One line about the state after elapsed_ns, without the line's end. */
void buf_add_progress_bar(struct buf *buf, const struct progress *progress, int64_t elapsed_ns);
void buf_add_progress_line(struct buf *buf, const struct progress *progress, int64_t elapsed_ns);

#endif
