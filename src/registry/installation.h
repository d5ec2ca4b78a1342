/* SPDX-License-Identifier: Apache-2.0 */
/* Hanging and removing meters, to the minute.
 *
 *   point ├── meter A, role active ──┤├── meter B, role active ───────►
 *
 * A register role of a point has one meter at a time, and a meter hangs at one place at a time: the
 * database refuses a second open one, these functions refuse every overlap with words.
 * A change of multiplier is a removal and a new installation of the same meter at the same minute.
 * What was recorded wrongly is corrected by installation_correct.h.
 * Runs inside the caller's transaction. Threads: those of the connection. */
#ifndef SANGDEN_REGISTRY_INSTALLATION_H
#define SANGDEN_REGISTRY_INSTALLATION_H

#include "network/fact_write.h"
#include "registry/registry_view.h"

struct installation_new {
    int64_t point_id;
    int64_t meter_id;
    enum meter_role role;
    int64_t multiplier;
    int64_t hung_at_ms;
    int64_t removed_at_ms; /* INT64_MAX while it hangs */
};

/* E_CONFLICT when the role of the point, or the meter, is taken at any time of the new one. */
NODISCARD err_t installation_hang(struct db *db, int64_t unit_id,
                                  const struct installation_new *installation,
                                  const struct fact_author *author, int64_t *out_installation_id,
                                  struct err *err);
/* E_CONFLICT as above; but_installation_id (0: none) is not in its own way. */
NODISCARD err_t installation_is_free(struct db *db, int64_t unit_id,
                                     const struct installation_new *new_one,
                                     int64_t but_installation_id, struct err *err);
/* Ends an open installation. E_STATE when it is ended, E_INPUT when the time is not behind its
 * beginning. */
NODISCARD err_t installation_remove(struct db *db, int64_t unit_id, int64_t installation_id,
                                    int64_t removed_at_ms, const struct fact_author *author,
                                    struct err *err);
/* The open installation of a role of a point, 0 when there is none. */
NODISCARD err_t installation_open_of(struct db *db, int64_t unit_id, int64_t point_id,
                                     enum meter_role role, int64_t *out_installation_id,
                                     int64_t *out_meter_id, struct err *err);

#endif
