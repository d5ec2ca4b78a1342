/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the chains and names the first link that does not hold. */
#include "base/buffer.h"
#include "base/date.h"
#include "identity/audit_int.h"

struct walk {
    struct db *db;
    struct err *err;
    bool broken;
    struct audit_break *found;
    int64_t links;
};

/* The chain that is walked. */
struct chain {
    int64_t unit_id;
    char stream[AUDIT_STREAM_MAX_BYTES + 1];
    int64_t seq;
    char hash[HASH_TEXT_BYTES];
};

static void copy_text(char *place, size_t size, struct str text)
{
    struct buf copy;
    buf_init_fixed(&copy, place, size);
    buf_add(&copy, text);
}

static void break_at(struct walk *walk, const char *vi, const char *en)
{
    walk->broken = true;
    walk->found->vi = vi;
    walk->found->en = en;
}

static void place_link(struct walk *walk, int64_t unit_id, struct str stream, int64_t seq)
{
    struct buf where;
    buf_init_fixed(&where, walk->found->where, sizeof walk->found->where);
    buf_printf(&where, "unit %lld, stream %.*s, link %lld", (long long)unit_id, STR_ARG(stream),
               (long long)seq);
}

static void place_anchor(struct walk *walk, struct str day)
{
    struct buf where;
    buf_init_fixed(&where, walk->found->where, sizeof walk->found->where);
    buf_printf(&where, "anchor %.*s", STR_ARG(day));
}

static void check_link(struct walk *walk, struct chain *chain, const struct rows *rows)
{
    struct audit_link link = {
        .unit_id = row_i64(rows, 0), .stream = row_text(rows, 1), .seq = row_i64(rows, 2),
        .recorded_at_ms = row_i64(rows, 3), .actor_id = row_i64(rows, 4),
        .os_user = row_text(rows, 5), .action = row_text(rows, 6), .subject = row_text(rows, 7),
        .content_hash = row_text(rows, 8), .prev_hash = row_text(rows, 9)};
    bool same = chain->seq > 0 && chain->unit_id == link.unit_id &&
                str_equal(str_of(chain->stream), link.stream);
    struct str before = same ? str_of(chain->hash) : AUDIT_NO_HASH;
    int64_t expected = same ? chain->seq + 1 : 1;
    char text[HASH_TEXT_BYTES];
    struct hash hash = audit_link_hash(&link);
    place_link(walk, link.unit_id, link.stream, expected);
    if (link.seq != expected)
        break_at(walk, "mắt xích bị mất", "the link is missing");
    else if (!str_equal(link.prev_hash, before))
        break_at(walk, "không nối với mắt xích trước", "it does not follow the link before");
    else if (!str_equal(row_text(rows, 10), hash_text(&hash, text)))
        break_at(walk, "nội dung đã bị sửa", "its content was changed");
    chain->unit_id = link.unit_id;
    chain->seq = link.seq;
    copy_text(chain->stream, sizeof chain->stream, link.stream);
    copy_text(chain->hash, sizeof chain->hash, row_text(rows, 10));
    walk->links++;
}

static err_t walk_links(struct walk *walk)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct chain chain = {.seq = 0};
    bool row;
    err_t e = db_query(walk->db,
                       "SELECT unit_id, stream, seq, recorded_at, actor_id, os_user, action, "
                       "subject, content_hash, prev_hash, hash FROM audit_entry "
                       "ORDER BY unit_id, stream, seq",
                       NO_ARGS, &rows, walk->err);
    while (e == OK && !walk->broken) {
        e = rows_next(rows, &row, walk->err);
        if (e != OK || !row) break;
        check_link(walk, &chain, rows);
    }
    return e;
}

/* Questions whose every row is a broken link: unit, stream, number. */
struct question {
    const char *sql;
    const char *vi;
    const char *en;
};

static const struct question questions[] = {
    {"SELECT h.unit_id, h.stream, h.seq FROM audit_head h LEFT JOIN audit_entry e ON "
     "e.unit_id = h.unit_id AND e.stream = h.stream AND e.seq = h.seq "
     "WHERE e.hash IS NULL OR e.hash <> h.hash ORDER BY h.unit_id, h.stream LIMIT 1",
     "mắt xích cuối không khớp với đầu chuỗi", "the last link differs from the head of the chain"},
    {"SELECT e.unit_id, e.stream, e.seq FROM audit_entry e LEFT JOIN audit_head h ON "
     "h.unit_id = e.unit_id AND h.stream = e.stream WHERE h.seq IS NULL OR e.seq > h.seq "
     "ORDER BY e.unit_id, e.stream, e.seq LIMIT 1",
     "mắt xích nằm ngoài đầu chuỗi", "the link lies beyond the head of the chain"},
    {"SELECT a.unit_id, a.stream, a.seq FROM audit_anchor_head a LEFT JOIN audit_entry e ON "
     "e.unit_id = a.unit_id AND e.stream = a.stream AND e.seq = a.seq "
     "WHERE e.hash IS NULL OR e.hash <> a.hash ORDER BY a.unit_id, a.stream, a.seq LIMIT 1",
     "mắt xích khác với lúc được chốt", "the link differs from what was anchored"},
    {"SELECT h.unit_id, h.stream, h.seq FROM audit_anchor_head h LEFT JOIN audit_anchor a ON "
     "a.anchor_no = h.anchor_no WHERE a.anchor_no IS NULL "
     "ORDER BY h.anchor_no, h.unit_id, h.stream LIMIT 1",
     "lần chốt của mắt xích này đã mất", "the anchor of this link is gone"},
};

static err_t ask(struct walk *walk, const struct question *question)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(walk->db, question->sql, NO_ARGS, &rows, walk->err);
    if (e == OK) e = rows_next(rows, &row, walk->err);
    if (e != OK || !row) return e;
    place_link(walk, row_i64(rows, 0), row_text(rows, 1), row_i64(rows, 2));
    break_at(walk, question->vi, question->en);
    return OK;
}

static err_t hash_heads(struct walk *walk, int64_t anchor_no, char out[HASH_TEXT_BYTES],
                        int64_t *out_count)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct hash_state hashing;
    bool row;
    hash_init(&hashing);
    *out_count = 0;
    err_t e = db_query(walk->db, AUDIT_ANCHOR_HEADS_SQL, ARGS(v_i64(anchor_no)), &rows, walk->err);
    while (e == OK) {
        e = rows_next(rows, &row, walk->err);
        if (e != OK || !row) break;
        audit_heads_add(&hashing, row_i64(rows, 0), row_text(rows, 1), row_i64(rows, 2),
                        row_text(rows, 3));
        (*out_count)++;
    }
    struct hash hash = hash_finish(&hashing);
    (void)hash_text(&hash, out);
    return e;
}

static err_t check_anchor(struct walk *walk, const struct rows *rows, int64_t expected_no,
                          struct str before)
{
    struct audit_anchor_link anchor = {
        .anchor_no = row_i64(rows, 0), .anchored_on = row_text(rows, 1),
        .recorded_at_ms = row_i64(rows, 2), .head_count = row_i64(rows, 3),
        .heads_hash = row_text(rows, 4), .prev_hash = row_text(rows, 5)};
    char heads[HASH_TEXT_BYTES], text[HASH_TEXT_BYTES];
    int64_t count;
    err_t e = hash_heads(walk, anchor.anchor_no, heads, &count);
    if (e != OK) return e;
    struct hash hash = audit_anchor_hash(&anchor);
    place_anchor(walk, anchor.anchored_on);
    if (anchor.anchor_no != expected_no || !str_equal(anchor.prev_hash, before))
        break_at(walk, "không nối với lần chốt trước", "it does not follow the anchor before");
    else if (!str_equal(row_text(rows, 6), hash_text(&hash, text)) ||
             count != anchor.head_count || !str_equal(anchor.heads_hash, str_of(heads)))
        break_at(walk, "nội dung lần chốt đã bị sửa", "the anchor was changed");
    return OK;
}

static err_t walk_anchors(struct walk *walk)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char before[HASH_TEXT_BYTES];
    int64_t expected_no = 1;
    bool row;
    copy_text(before, sizeof before, AUDIT_NO_HASH);
    err_t e = db_query(walk->db,
                       "SELECT anchor_no, anchored_on, recorded_at, head_count, heads_hash, "
                       "prev_hash, hash FROM audit_anchor ORDER BY anchor_no",
                       NO_ARGS, &rows, walk->err);
    while (e == OK && !walk->broken) {
        e = rows_next(rows, &row, walk->err);
        if (e != OK || !row) break;
        e = check_anchor(walk, rows, expected_no++, str_of(before));
        copy_text(before, sizeof before, row_text(rows, 6));
    }
    return e;
}

err_t audit_verify(struct db *db, bool *out_broken, struct audit_break *out_break,
                   int64_t *out_links, struct err *err)
{
    struct audit_break found = {.vi = "", .en = ""};
    struct walk walk = {.db = db, .err = err, .found = &found};
    err_t e = walk_links(&walk);
    for (size_t i = 0; i < ARRAY_COUNT(questions) && e == OK && !walk.broken; i++)
        e = ask(&walk, &questions[i]);
    if (e == OK && !walk.broken) e = walk_anchors(&walk);
    if (e != OK) return e;
    *out_broken = walk.broken;
    *out_break = found;
    *out_links = walk.links;
    return OK;
}

/* ---- what was kept outside ------------------------------------------------------------------- */

static bool is_hash(struct str text)
{
    if (text.n != 2 * HASH_BYTES) return false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) return false;
    }
    return true;
}

static err_t refuse_hash(struct str text, struct err *err)
{
    err_set(err, E_INPUT, "HASH", "Đây không phải là chuỗi của một lần chốt",
            "This is not the line of an anchor");
    err_detail(err, "%.*s", "%.*s", STR_ARG(str_first(text, 80)));
    return err_hint(err, "Ghi đủ %d chữ số 0-9 a-f mà sangden audit anchor đã in",
                    "Write all %d digits 0-9 a-f that sangden audit anchor printed",
                    2 * HASH_BYTES);
}

static err_t refuse_unanchored(struct err *err)
{
    err_set(err, E_CHECK, "HASH", "Không có lần chốt nào mang chuỗi này",
            "No anchor has this hash");
    return err_hint(err,
                    "Nếu chuỗi được chép đúng, nhật ký trước lần chốt đó đã bị sửa hoặc cắt bỏ: "
                    "giữ nguyên kho dữ liệu, đối chiếu với bản sao lưu của ngày ấy",
                    "If it was copied rightly, the record before that anchor was changed or cut "
                    "off: keep the store as it is and compare it with a backup of that day");
}

err_t audit_anchored_day(struct db *db, struct str hash, int32_t *out_day, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    if (!is_hash(hash)) return refuse_hash(hash, err);
    err_t e = db_query(db, "SELECT anchored_on FROM audit_anchor WHERE hash = $1",
                       ARGS(v_text(hash)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    if (!row) return refuse_unanchored(err);
    bool dated = day_parse(row_text(rows, 0), out_day);
    ASSERT(dated);
    return OK;
}
