/* SPDX-License-Identifier: Apache-2.0 */
/* Things that are there already, compared with rows that describe them again. */
#ifndef SANGDEN_REGISTRY_IMPORT_OBJECTS_H
#define SANGDEN_REGISTRY_IMPORT_OBJECTS_H

#include "registry/import_facts.h"

struct bulk;

struct import_compared {
    /* "SELECT id, c1, c2 … FROM t WHERE id IN (" IMPORT_CODES ") AND unit_id = "
     * IMPORT_CODES_UNIT */
    const char *sql;
    const size_t *columns; /* of the file, for c1, c2 … */
    size_t column_count;
};

/* Compares every row whose ids[i] is not 0 with what is there, in the columns that the row gives.
 * A difference rejects the row, or sets differs[i] when the import takes corrections. */
NODISCARD err_t import_compare(struct import *import, struct import_row *rows, size_t count,
                               const struct import_compared *compared, const int64_t *unit_ids,
                               const int64_t *ids, bool *differs, struct err *err);

/* Gives numbers of a series to the rows that are not rejected and have id 0, unit by unit. */
NODISCARD err_t import_number(struct import *import, const struct import_row *rows, size_t count,
                              struct str series, const int64_t *unit_ids, int64_t *ids,
                              bool *is_new, struct err *err);

/* What a batch of things needs, one item per row, in the arena of the batch. */
struct import_things {
    int64_t *unit_ids;
    struct import_target *targets; /* of the key, from the last look-up */
    int64_t *ids;                  /* 0: new */
    bool *is_new;
    bool *changed;
    bool *differs;
};

/* Finds the units of the rows (rejecting those without) and clears the rest. */
NODISCARD err_t import_things_init(struct import_things *things, struct import *import,
                                   struct import_row *rows, size_t count, int unit_column,
                                   struct err *err);
/* Takes the moments of the units of the rows, before anything is read: of two files the second sees
 * what the first brought in. */
NODISCARD err_t import_take_turns(struct import *import, const struct import_row *rows,
                                  size_t count, const int64_t *unit_ids, struct err *err);
/* Takes the ids over from targets; what belongs to another unit is rejected. */
void import_things_known(struct import_things *things, struct import *import,
                         struct import_row *rows, size_t count, size_t key_column);

/* Units, known ids and differences of a batch of things of one unit each: what a row says again is
 * compared, what is new gets its number. compared NULL: there is nothing to compare. */
NODISCARD err_t import_things_find(struct import_things *things, struct import *import,
                                   struct import_row *rows, size_t count, int unit_column,
                                   size_t key_column, const struct import_reference *reference,
                                   const struct import_compared *compared, struct str series,
                                   struct err *err);

/* ---- facts of things --------------------------------------------------------------------- */

/* A column whose cell is a fact as it stands. */
struct import_plain {
    size_t column;
    const struct fact_kind *kind;
};

/* Adds a fact of the thing of row i from a day on. */
NODISCARD err_t import_things_fact(const struct import_things *things,
                                   struct import_facts *facts, size_t i,
                                   const struct fact_kind *kind, size_t column, struct str from,
                                   struct fact_value value, struct err *err);
/* The same for a reference; an id of 0 adds nothing. */
NODISCARD err_t import_things_refer(const struct import_things *things,
                                    struct import_facts *facts, size_t i,
                                    const struct fact_kind *kind, size_t column, struct str from,
                                    int64_t id, struct err *err);
/* The same for every plain column that row i gives. */
NODISCARD err_t import_things_plain(const struct import_things *things,
                                    struct import_facts *facts, const struct import_row *rows,
                                    size_t i, const struct import_plain *plain, size_t plain_count,
                                    struct str from, struct err *err);

/* ---- things and their directory ---------------------------------------------------------- */

/* Two tables that grow together. */
struct import_pair {
    struct bulk *thing;
    struct bulk *directory;
};

/* Opens both; after an error close it all the same. */
NODISCARD err_t import_pair_open(struct import *import, const char *table, const char *columns,
                                 const char *directory, const char *directory_columns,
                                 struct import_pair *out, struct err *err);
/* Closes both when so_far is OK, drops them otherwise; answers the first error. */
NODISCARD err_t import_pair_close(struct import_pair *pair, err_t so_far, struct err *err);

/* The same for new accounts and the words that lead to them. */
NODISCARD err_t import_account_open(struct import *import, struct import_pair *out,
                                    struct err *err);
/* One account more. */
NODISCARD err_t import_account_row(struct import *import, const struct import_pair *pair,
                                   int64_t unit_id, int64_t account_id, struct str code,
                                   struct err *err);

/* Units of all rows by one column; rows without one are rejected. NULL when memory is short. */
int64_t *import_units_of(struct import *import, struct import_row *rows, size_t count,
                         int column);
/* Counts the rows of a batch that are not rejected. */
void import_count(struct import *import, const struct import_row *rows, size_t count,
                  const bool *is_new, const bool *changed);

/* The value of a cell for insertion: text, number, or NULL when not given. */
struct value import_text_or_null(const struct import_cell *cell);

#endif
