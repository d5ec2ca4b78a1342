/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the directory has the keys that the units give, and no others.
 *
 *   keys of the units ── + ─┐
 *                           ├─► 65,536 sums of hashes by subject ─► all zero: they agree
 *   rows that are there ─ − ┘       └─ otherwise: look up the keys of the sums that are not
 *
 * Both sides are read once and in their own order, so that a hundred million rows take minutes and
 * a megabyte. */
#include "base/memory.h"
#include "base/mix.h"
#include "registry/checks.h"
#include "registry/search_walk.h"
#include "store/store.h"

enum {
    SUMS = 1 << 16,
    MISSING_MAX = 10000 /* looked up one by one; where more are missing nobody needs each */
};

struct sum {
    uint64_t hashes;
    int64_t keys;
};

struct proof {
    struct db *db;
    struct check_findings *findings;
    struct sum *sums;
    int64_t surplus; /* rows that are there, less keys that should be */
    int64_t missing;
};

static struct sum *sum_of(const struct proof *proof, uint64_t kind, int64_t unit_id,
                          int64_t subject_id)
{
    uint64_t hash = mix_word(mix_word(mix_word(1, kind), (uint64_t)unit_id), (uint64_t)subject_id);
    return &proof->sums[hash % SUMS];
}

static uint64_t hash_of_key(struct str key, uint64_t kind, int64_t unit_id, int64_t subject_id)
{
    uint64_t hash = mix_word(mix_word(mix_bytes(0, key), kind), (uint64_t)unit_id);
    return mix_word(hash, (uint64_t)subject_id);
}

/* ---- both sides -------------------------------------------------------------------------- */

static err_t add_key(void *context, enum search_kind kind, struct str key, int64_t unit_id,
                     int64_t subject_id, struct err *err UNUSED)
{
    struct proof *proof = context;
    struct sum *sum = sum_of(proof, kind, unit_id, subject_id);
    sum->hashes += hash_of_key(key, kind, unit_id, subject_id);
    sum->keys++;
    proof->surplus--;
    return OK;
}

/* Rows of one kind lie together, so that the kind is nearly always that of the row before. */
static enum search_kind kind_of(struct str name, enum search_kind likely)
{
    enum search_kind kind = likely;
    while (!str_equal(search_kind_name(kind), name)) {
        kind = (kind + 1) % SEARCH_KIND_COUNT;
        ASSERT(kind != likely);
    }
    return kind;
}

static err_t subtract_rows(struct proof *proof, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    enum search_kind kind = search_walk_kind(0);
    bool row = true;
    err_t e = db_query(proof->db, "SELECT kind, key, unit_id, subject_id FROM search_directory",
                       NO_ARGS, &rows, err);
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        int64_t unit_id = row_i64(rows, 2), subject_id = row_i64(rows, 3);
        kind = kind_of(row_text(rows, 0), kind);
        struct sum *sum = sum_of(proof, kind, unit_id, subject_id);
        sum->hashes -= hash_of_key(row_text(rows, 1), kind, unit_id, subject_id);
        sum->keys--;
        proof->surplus++;
    }
    return e;
}

static bool agrees(const struct sum *sum)
{
    return sum->hashes == 0 && sum->keys == 0;
}

static bool all_agree(const struct proof *proof)
{
    for (size_t i = 0; i < SUMS; i++)
        if (!agrees(&proof->sums[i])) return false;
    return true;
}

/* ---- where they differ ------------------------------------------------------------------- */

static err_t find_key(void *context, enum search_kind kind, struct str key, int64_t unit_id,
                      int64_t subject_id, struct err *err)
{
    struct proof *proof = context;
    struct str name = search_kind_name(kind);
    int64_t there = 0;
    if (proof->missing == MISSING_MAX || agrees(sum_of(proof, kind, unit_id, subject_id)))
        return OK;
    err_t e = db_get_i64_or(proof->db,
                            "SELECT 1 FROM search_directory WHERE kind = $1 AND key = $2 "
                            "AND unit_id = $3 AND subject_id = $4",
                            ARGS(v_text(name), v_text(key), v_i64(unit_id), v_i64(subject_id)), 0,
                            &there, err);
    if (e != OK || there == 1) return e;
    proof->missing++;
    check_found(proof->findings, "unit %lld %.*s %lld", (long long)unit_id, STR_ARG(name),
                (long long)subject_id);
    return OK;
}

/* Names what is missing, then tells how much is there in vain. */
static err_t name_all(struct proof *proof, struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < SEARCH_SOURCES && proof->missing < MISSING_MAX; i++)
        e = search_walk(proof->db, i, find_key, proof, err);
    if (e != OK) return e;
    int64_t in_vain = proof->surplus + proof->missing;
    if (proof->missing == MISSING_MAX)
        check_found(proof->findings, "search_directory: more than %lld keys are missing",
                    (long long)proof->missing);
    else if (in_vain != 0)
        check_found(proof->findings, "search_directory: %lld rows lead nowhere",
                    (long long)in_vain);
    return OK;
}

static err_t find_drift(struct db *db, struct check_findings *findings, struct err *err)
{
    struct proof proof = {
        .db = db, .findings = findings, .sums = memory_take(SUMS * sizeof(struct sum))};
    err_t e = proof.sums == NULL ? err_memory(err) : OK;
    for (size_t i = 0; e == OK && i < SUMS; i++) proof.sums[i] = (struct sum){0, 0};
    for (size_t i = 0; e == OK && i < SEARCH_SOURCES; i++)
        e = search_walk(db, i, add_key, &proof, err);
    if (e == OK) e = subtract_rows(&proof, err);
    if (e == OK && !all_agree(&proof)) e = name_all(&proof, err);
    memory_give(proof.sums, SUMS * sizeof(struct sum));
    return e;
}

const struct check check_registry_search = {
    .name = "registry.search",
    .vi = "Từ để tìm khách hàng khớp với tên, điện thoại, địa chỉ, mã hiện có",
    .en = "Words that customers are found by agree with names, phones, addresses and codes",
    .find = find_drift,
};
