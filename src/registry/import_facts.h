/* SPDX-License-Identifier: Apache-2.0 */
/* Many dated facts at once: compared with what is there, then inserted in the order of their key.
 *
 *   facts of a batch ─ sort ─► merge with the rows of the same subjects ─► new │ same │ different
 *
 * A different fact of the same day refuses its row, or becomes the next entry of that day when the
 * import takes corrections. Nothing of a refused row is written, so compare comes before write.
 * Ownership: everything lives in the arena of the batch. */
#ifndef SANGDEN_REGISTRY_IMPORT_FACTS_H
#define SANGDEN_REGISTRY_IMPORT_FACTS_H

#include "registry/import.h"

struct import_fact_table {
    const char *table;
    const char *columns;  /* of the insertion */
    const char *load_sql; /* subject, kind, valid_from, entry_no, state, value_i64, value_text,
                             proof, expires_on of IMPORT_CODES subjects of unit $129 */
    bool has_proof;       /* whether the table has proof and expires_on */
};

extern const struct import_fact_table import_point_facts, import_agreement_facts,
    import_account_facts, import_meter_facts, import_device_facts, import_place_facts,
    import_organisation_facts;

struct import_fact {
    int64_t unit_id;
    int64_t subject_id;
    const char *kind;
    struct str valid_from;
    struct fact_value value;
    struct str proof;      /* empty: none given */
    struct str source;     /* empty: the source of the file */
    struct str expires_on; /* empty: none given */
    uint32_t row;          /* index in the batch */
    int column;
    bool exists;           /* the subject was there before this file's row */
    int64_t entry_no;      /* set by compare; 0: the same is there already */
};

struct import_facts {
    struct import *import;
    const struct import_fact_table *table;
    struct import_fact *items;
    size_t count;
    size_t capacity;
};

/* An empty list in the arena of the batch. */
void import_facts_init(struct import_facts *facts, struct import *import,
                       const struct import_fact_table *table);
/* Adds a fact. */
NODISCARD err_t import_facts_add(struct import_facts *facts, struct import_fact fact,
                                 struct err *err);
/* Compares with what is there and rejects rows whose facts differ. */
NODISCARD err_t import_facts_compare(struct import_facts *facts, struct import_row *rows,
                                     struct err *err);
/* Inserts what is new of rows that are not rejected; wrote[row] is set for them. */
NODISCARD err_t import_facts_write(struct import_facts *facts, const struct import_row *rows,
                                   bool *wrote, struct err *err);

/* A value out of a cell of a fact column. */
struct fact_value import_cell_value(const struct import_column *column,
                                    const struct import_cell *cell);
/* A value that is the number of another record. */
struct fact_value import_ref_value(int64_t id);

#endif
