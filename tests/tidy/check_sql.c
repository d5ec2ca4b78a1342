/* SPDX-License-Identifier: Apache-2.0 */
/* SQL that runs unchanged on both engines: what migrations must say of their tables, and words
 * that only one of the engines knows (docs/sql.md). */
#include "tidy.h"

enum { LITERAL_BYTES = 64 << 10 };

struct trap {
    struct str word; /* a word starting or ending with a letter is met as a whole word */
    const char *why;
};

/* Case counts: our SQL writes keywords in capitals and functions in small letters. */
static const struct trap TRAPS[] = {
    {S_INIT("ILIKE"), "SQLite does not know it; search a folded column"},
    {S_INIT("::"), "write CAST(x AS …)"},
    {S_INIT("AUTOINCREMENT"), "numbers come from store_take_numbers"},
    {S_INIT("SERIAL"), "numbers come from store_take_numbers"},
    {S_INIT("BIGSERIAL"), "numbers come from store_take_numbers"},
    {S_INIT("BOOLEAN"), "{i64} with CHECK (x IN (0, 1))"},
    {S_INIT("TIMESTAMP"), "{i64} unix milliseconds"},
    {S_INIT("NUMERIC"), "scaled {i64}"},
    {S_INIT("REAL"), "scaled {i64}"},
    {S_INIT("VARCHAR"), "TEXT"},
    {S_INIT("LATERAL"), "SQLite does not know it"},
    {S_INIT("DISTINCT ON"), "SQLite does not know it; use row_number()"},
    {S_INIT("FOR UPDATE"), "{for_update} or {skip_locked} of store/store.h"},
    {S_INIT("TRUNCATE"), "DELETE FROM"},
    {S_INIT("now()"), "the clock is an argument"},
    {S_INIT("CURRENT_TIMESTAMP"), "the clock is an argument"},
    {S_INIT("strftime("), "dates are made in C"},
    {S_INIT("datetime("), "dates are made in C"},
    {S_INIT("ifnull("), "coalesce("},
    {S_INIT("group_concat("), "join rows in C"},
    {S_INIT("string_agg("), "join rows in C"},
    {S_INIT("instr("), "PostgreSQL does not know it"},
    {S_INIT("greatest("), "CASE"},
    {S_INIT("least("), "CASE"},
    {S_INIT("concat("), "||"},
    {S_INIT("generate_series("), "WITH RECURSIVE"},
    {S_INIT("avg("), "sum and count, divided in C"},
    {S_INIT("round("), "rounding is done in C"},
};

static bool has_trap(struct str text, struct str word, size_t *out_at)
{
    for (size_t at = text_find(text, 0, word); at < text.n; at = text_find(text, at + 1, word)) {
        *out_at = at;
        if (is_word(word.p[0]) && at > 0 && is_word(text.p[at - 1])) continue;
        size_t end = at + word.n;
        if (is_word(word.p[word.n - 1]) && end < text.n && is_word(text.p[end])) continue;
        return true;
    }
    return false;
}

static void check_traps(const struct source *source, struct str sql, size_t offset, bool exact,
                        struct report *report)
{
    size_t at = 0;
    for (size_t i = 0; i < ARRAY_COUNT(TRAPS); i++)
        if (has_trap(sql, TRAPS[i].word, &at))
            report_at(report, source->path, source_line(source, offset + (exact ? at : 0)),
                      "SQL with %.*s: %s", STR_ARG(TRAPS[i].word), TRAPS[i].why);
    bool sum = has_trap(sql, S("sum("), &at);
    if (sum && !has_trap(sql, S("CAST("), &at))
        report_at(report, source->path, source_line(source, offset),
                  "SQL with a bare sum(): CAST(sum(x) AS BIGINT)");
}

/* SQLite finds the points of a book, a station or an agreement by their partial index only where
 * its condition stands in the query. */
static void check_points(const struct source *source, struct str sql, size_t offset,
                         struct report *report)
{
    size_t at;
    bool points = has_trap(sql, S("point_fact"), &at) || has_trap(sql, S("point_asof"), &at);
    bool kind = text_find(sql, 0, S("kind = 'agreement'")) < sql.n ||
                text_find(sql, 0, S("kind = 'book'")) < sql.n ||
                text_find(sql, 0, S("kind = 'station'")) < sql.n;
    bool by_value = text_find(sql, 0, S("value_i64 = $")) < sql.n;
    bool served = text_find(sql, 0, S("IN ('book', 'station', 'agreement')")) < sql.n;
    if (points && kind && by_value && !served)
        report_at(report, source->path, source_line(source, offset),
                  "SQL that reads every point: kind IN ('book', 'station', 'agreement') AND …");
}

/* Whether the text begins like a statement. */
static bool is_sql(struct str text)
{
    static const struct str starts[] = {S_INIT("SELECT "), S_INIT("INSERT INTO "),
                                        S_INIT("UPDATE "), S_INIT("DELETE FROM "), S_INIT("WITH "),
                                        S_INIT("CREATE ")};
    for (size_t i = 0; i < ARRAY_COUNT(starts); i++)
        if (str_starts(text, starts[i])) return true;
    return false;
}

/* The content of the literal at offset at and of those that follow it directly; answers the offset
 * behind the last. */
static size_t read_literal(const struct source *source, size_t at, struct buf *out)
{
    size_t end = at;
    while (at < source->text.n && source->code[at] == '"') {
        at++;
        size_t start = at;
        while (at < source->text.n && source->code[at] != '"' && source->code[at] != '\n') at++;
        buf_add(out, str_sub(source->text, start, at - start));
        end = at + 1;
        at = end;
        while (at < source->text.n && (source->code[at] == ' ' || source->code[at] == '\n')) at++;
    }
    return end;
}

static void check_literals(const struct source *source, struct report *report)
{
    static char memory[LITERAL_BYTES];
    for (size_t at = 0; at < source->text.n;) {
        if (source->code[at] != '"') {
            at++;
            continue;
        }
        struct buf literal;
        buf_init_fixed(&literal, memory, sizeof memory);
        size_t end = read_literal(source, at, &literal);
        if (is_sql(buf_str(&literal))) check_traps(source, buf_str(&literal), at, false, report);
        check_points(source, buf_str(&literal), at, report);
        at = end;
    }
}

static struct str word_at(struct str text, size_t at)
{
    size_t end = at;
    while (end < text.n && is_word(text.p[end])) end++;
    return str_sub(text, at, end - at);
}

/* Whether "-- @kind table" stands in the file, for one of the three kinds. */
static struct str declared_kind(struct str sql, struct str table)
{
    static const struct str kinds[] = {S_INIT("-- @unit "), S_INIT("-- @directory "),
                                       S_INIT("-- @reference ")};
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
        for (size_t at = text_find(sql, 0, kinds[i]); at < sql.n;
             at = text_find(sql, at + 1, kinds[i]))
            if (str_equal(word_at(sql, at + kinds[i].n), table)) return kinds[i];
    return (struct str){NULL, 0};
}

static void check_table(const struct source *source, size_t at, struct report *report)
{
    struct str sql = source->text, table = word_at(sql, at);
    size_t line = source_line(source, at), end = text_find(sql, at, S(";"));
    struct str kind = declared_kind(sql, table), body = str_sub(sql, at, end - at);
    if (kind.n == 0)
        report_at(report, source->path, line,
                  "table %.*s has no kind: -- @unit, -- @directory or -- @reference",
                  STR_ARG(table));
    if (!str_ends(body, S("{strict}")) && !str_ends(body, S("{clustered}")))
        report_at(report, source->path, line, "table %.*s ends in neither {strict} nor {clustered}",
                  STR_ARG(table));
    if (str_equal(kind, S("-- @unit ")) &&
        text_find(body, 0, S("PRIMARY KEY (unit_id")) == body.n)
        report_at(report, source->path, line,
                  "the key of unit table %.*s does not begin with unit_id", STR_ARG(table));
}

/* SQLite answers IN with three or more words through a table built for every row that is written;
 * OR costs nothing. */
static void check_words_of(const struct source *source, struct report *report)
{
    struct str sql = source->text;
    for (size_t at = text_find(sql, 0, S("CHECK (")); at < sql.n;
         at = text_find(sql, at + 1, S("CHECK ("))) {
        size_t column = at + S("CHECK (").n;
        size_t list = column + word_at(sql, column).n;
        if (!str_starts(str_sub(sql, list, sql.n), S(" IN ("))) continue;
        size_t end = text_find(sql, list, S(")")), words = 1;
        for (size_t i = list; i < end; i++) words += sql.p[i] == ',';
        if (words > 2)
            report_at(report, source->path, source_line(source, at),
                      "CHECK of IN with %zu words: write them with OR", words);
    }
}

void check_sql(const struct tree *tree, struct report *report)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct source *source = &tree->sources[i];
        if (!source_in_src(source)) continue;
        if (source_is_c(source) && !str_equal(source->room, S("store")))
            check_literals(source, report);
        if (!str_ends(source->path, S(".sql"))) continue;
        check_traps(source, source->text, 0, true, report);
        check_words_of(source, report);
        static const struct str create = S_INIT("CREATE TABLE ");
        for (size_t at = text_find(source->text, 0, create); at < source->text.n;
             at = text_find(source->text, at + 1, create))
            check_table(source, at + create.n, report);
    }
}
