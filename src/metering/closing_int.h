/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of a closing share.
 *
 *   closing_load.c     fills a chunk from range scans
 *   closing_compute.c  usage, spike, findings per point
 *   closing_write.c    rows of usage, exceptions, spike cases
 *   closing_relate.c   main and sub points, when all own usage is known */
#ifndef SANGDEN_METERING_CLOSING_INT_H
#define SANGDEN_METERING_CLOSING_INT_H

#include "metering/closing.h"
#include "metering/metering_int.h"
#include "metering/parameter.h"
#include "metering/spike.h"
#include "metering/usage.h"

enum { CHUNK_POINTS = 1000, SEGMENTS_MAX = 2, MONTHS_BACK_MAX = 36, RELATED_MAX = 10000 };

/* One usage of a point in this closing: a final one, or up to the present reading. */
struct segment {
    struct usage_result usage;
    int64_t agreement_id;
    struct period_use before, year_ago;
    struct spike_verdict spike;
    struct usage_split splits[USAGE_SPLITS_MAX]; /* by readings on price-change days, rising */
    size_t split_count;
    struct str relations; /* JSON of the points taken off or added, or empty */
    bool before_estimated;
    bool bad_terms;
};

struct closing_point {
    int64_t point_id;
    size_t meter_first, meter_count;
    size_t reading_first, reading_count;
    size_t energy_first, energy_count;
    bool has_carry;
    struct carry carry;
    int32_t last_day;
    int64_t before_agreement;
    struct period_use before, year_ago;
    bool before_known_agreement; /* false: the use before comes from packed history */
    bool before_estimated;
    int64_t open_in_a_row; /* of the open blocking exceptions; 0: none */
    int64_t released_closing_no; /* of a returned closing that had released the spike; 0: none */
    struct period_use released, released_before;
    struct segment segments[SEGMENTS_MAX];
    size_t segment_count;
    bool belongs; /* to the book, in this period */
    bool related; /* other points are taken off or added */
};

/* One reading on its way into the chunk. */
struct loaded_reading {
    size_t point_index;
    int64_t entry_no;
    struct accepted_reading reading;
};

struct chunk {
    struct closing_point *points;
    size_t count;
    struct list meters;   /* struct hung_meter, by point */
    struct list loaded;   /* struct loaded_reading, by month */
    struct accepted_reading *readings; /* by point and day */
    struct list energies; /* struct agreed_energy, by point */
};

/* A point whose usage waits for others. */
struct waiting_point {
    struct closing_point point;
};

struct closing {
    struct db *db;
    const struct closing_request *request;
    const struct book *book;
    struct metering_parameters parameters;
    struct book_period period;  /* the cycle period whose window holds */
    int row_period_no;          /* the period rows are written to: 0 for a supplement */
    int64_t closing_no;
    int32_t window_from_day, window_to_day;
    const struct book_period *periods;
    size_t period_count;
    struct arena arena;         /* for the whole closing */
    struct arena chunk_arena;   /* for one chunk */
    struct bulk *usage, *exception, *spike, *spike_step, *event;
    int64_t next_event_id, event_ids_left; /* reserved for events of flagged use */
    struct buf carry_text, detail;
    struct list waiting;        /* struct waiting_point */
    struct closing_counts counts;
};

NODISCARD err_t closing_load(struct closing *closing, const int64_t *points, size_t count,
                             struct chunk *out, struct err *err);
NODISCARD err_t closing_compute(struct closing *closing, struct chunk *chunk, struct err *err);
/* Computes the spike verdict of a segment whose energy is final, and tells what fell or was
 * estimated once more. */
void closing_judge(const struct metering_parameters *parameters,
                   const struct closing_point *point, struct segment *segment);

NODISCARD err_t closing_bulks_open(struct closing *closing, struct err *err);
NODISCARD err_t closing_bulks_close(struct closing *closing, struct err *err);
void closing_bulks_drop(struct closing *closing);
/* Rows of one point; also settles its open exceptions. */
NODISCARD err_t closing_write(struct closing *closing, const struct closing_point *point,
                              struct err *err);
/* Takes sub points off and adds summed ones for all waiting points, and writes them. */
NODISCARD err_t closing_relate(struct closing *closing, struct err *err);

/* The detail of a usage row as JSON. */
void closing_detail(const struct segment *segment, struct buf *out);

#endif
