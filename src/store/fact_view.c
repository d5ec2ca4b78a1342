/* SPDX-License-Identifier: Apache-2.0 */
/* The as-of view of a fact table: rectangles of (days, knowledge).
 *
 *   r  the row that is believed        known_end  when a later entry of the same day replaced it
 *   b  what changed the picture: r itself, or a row of a later day recorded while r was believed
 *   each pair (r, b) is one rectangle: from b's recording to the next change, and, with what was
 *   known at b, from r's day to the next believed day.
 *
 * Everything hangs on the subject by equality, so both engines walk the primary key. */
#include "store/migration_int.h"

/* " AND b.unit_id = a.unit_id AND b.point_id = a.point_id" */
static void same_subject(struct buf *out, struct str columns, const char *a, const char *b)
{
    struct str rest = columns;
    struct str column;
    buf_printf(out, "%s.unit_id = %s.unit_id", b, a);
    while (str_split(&rest, ',', &column))
        buf_printf(out, " AND %s.%.*s = %s.%.*s", b, STR_ARG(column), a, STR_ARG(column));
}

static void known_end(struct buf *out, const struct directive *fact, const char *alias)
{
    buf_printf(out, "coalesce((SELECT min(%s.recorded_at) FROM %.*s %s WHERE ", alias,
               STR_ARG(fact->table), alias);
    same_subject(out, fact->columns, "r", alias);
    buf_printf(out,
               " AND %s.valid_from = r.valid_from AND %s.entry_no > r.entry_no),"
               " 9223372036854775807)",
               alias, alias);
}

/* The next change after b while r was believed. */
static void known_to(struct buf *out, const struct directive *fact)
{
    buf_printf(out, "coalesce((SELECT min(c.recorded_at) FROM %.*s c WHERE ",
               STR_ARG(fact->table));
    same_subject(out, fact->columns, "r", "c");
    buf_add(out, S(" AND c.valid_from > r.valid_from AND c.recorded_at > r.recorded_at"
                   " AND (c.recorded_at, c.valid_from, c.entry_no)"
                   " > (b.recorded_at, b.valid_from, b.entry_no) AND c.recorded_at < "));
    known_end(out, fact, "e2");
    buf_add(out, S("), "));
    known_end(out, fact, "e3");
    buf_add_char(out, ')');
}

/* The next believed day with what was known at b. */
static void valid_to(struct buf *out, const struct directive *fact)
{
    buf_printf(out, "coalesce((SELECT min(n.valid_from) FROM %.*s n WHERE ",
               STR_ARG(fact->table));
    same_subject(out, fact->columns, "r", "n");
    buf_printf(out,
               " AND n.valid_from > r.valid_from AND n.recorded_at <= b.recorded_at"
               " AND n.state <> 'retract' AND NOT EXISTS (SELECT 1 FROM %.*s m WHERE ",
               STR_ARG(fact->table));
    same_subject(out, fact->columns, "n", "m");
    buf_add(out, S(" AND m.valid_from = n.valid_from AND m.entry_no > n.entry_no"
                   " AND m.recorded_at <= b.recorded_at)), '9999-12-31')"));
}

void fact_view_sql(const struct directive *fact, struct buf *out)
{
    buf_printf(out, "DROP VIEW IF EXISTS %.*s;\nCREATE VIEW %.*s AS SELECT r.*, ",
               STR_ARG(fact->view), STR_ARG(fact->view));
    valid_to(out, fact);
    buf_add(out, S(" AS valid_to, b.recorded_at AS known_from, "));
    known_to(out, fact);
    buf_printf(out, " AS known_to FROM %.*s r JOIN %.*s b ON ", STR_ARG(fact->table),
               STR_ARG(fact->table));
    same_subject(out, fact->columns, "r", "b");
    buf_add(out, S(" AND ((b.valid_from = r.valid_from AND b.entry_no = r.entry_no)"
                   " OR (b.valid_from > r.valid_from AND b.recorded_at > r.recorded_at"
                   " AND b.recorded_at < "));
    known_end(out, fact, "e1");
    buf_add(out, S(")) WHERE r.state <> 'retract';\n"));
}
