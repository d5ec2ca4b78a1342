/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migration_int.h"

static err_t not_understood(struct str line, struct err *err)
{
    err_set(err, E_CHECK, NULL, "Không hiểu chỉ thị trong tệp di trú",
            "A directive of a migration is not understood");
    err_detail(err, "%.*s", "%.*s", STR_ARG(line));
    return err_hint(err, "Các chỉ thị được kể ở docs/sql.md", "docs/sql.md lists the directives");
}

/* The next word of a line, between spaces. */
static struct str next_word(struct str *line)
{
    *line = str_trim(*line);
    size_t end = str_find(*line, ' ');
    struct str word = str_sub(*line, 0, end);
    *line = str_sub(*line, end, line->n);
    return word;
}

static bool parse_fact(struct str rest, struct directive *out)
{
    out->kind = DIRECTIVE_FACT;
    out->view = next_word(&rest);
    bool from = str_equal(next_word(&rest), S("FROM"));
    out->table = next_word(&rest);
    bool subject = str_equal(next_word(&rest), S("SUBJECT"));
    out->columns = next_word(&rest);
    return from && subject && out->columns.n > 0 && str_trim(rest).n == 0;
}

static bool parse_table(struct str word, struct str rest, struct directive *out)
{
    static const struct str words[] = {S_INIT("unit"), S_INIT("directory"), S_INIT("reference"),
                                       S_INIT("append_only")};
    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        if (!str_equal(word, words[i])) continue;
        out->kind = (enum directive_kind)i;
        out->table = next_word(&rest);
        out->columns = next_word(&rest);
        bool key = out->kind == DIRECTIVE_DIRECTORY;
        return out->table.n > 0 && (out->columns.n > 0) == key && str_trim(rest).n == 0;
    }
    return false;
}

err_t directive_next(struct str *rest, struct directive *out, bool *out_found, struct err *err)
{
    struct str line;
    *out_found = false;
    while (str_split(rest, '\n', &line)) {
        if (!str_starts(line, S("-- @"))) continue;
        struct str words = str_sub(line, 4, line.n);
        struct str word = next_word(&words);
        *out = (struct directive){0};
        bool understood = str_equal(word, S("fact")) ? parse_fact(words, out)
                                                     : parse_table(word, words, out);
        if (!understood) return not_understood(line, err);
        *out_found = true;
        return OK;
    }
    return OK;
}

static void append_only_sqlite(struct str table, struct buf *out)
{
    static const char *const changes[] = {"update", "delete"};
    for (size_t i = 0; i < ARRAY_COUNT(changes); i++)
        buf_printf(out,
                   "CREATE TRIGGER %.*s_no_%s BEFORE %s ON %.*s BEGIN "
                   "SELECT RAISE(ABORT, 'append-only table %.*s'); END;\n",
                   STR_ARG(table), changes[i], changes[i], STR_ARG(table), STR_ARG(table));
}

static void append_only_postgres(struct str table, struct buf *out)
{
    buf_printf(out,
               "CREATE TRIGGER %.*s_no_change BEFORE UPDATE OR DELETE ON %.*s "
               "FOR EACH ROW EXECUTE FUNCTION store_refuse_change();\n"
               "CREATE TRIGGER %.*s_no_truncate BEFORE TRUNCATE ON %.*s "
               "FOR EACH STATEMENT EXECUTE FUNCTION store_refuse_change();\n",
               STR_ARG(table), STR_ARG(table), STR_ARG(table), STR_ARG(table));
}

void append_only_drop_sql(enum db_engine engine, struct str table, struct buf *out)
{
    if (engine == DB_SQLITE)
        buf_printf(out, "DROP TRIGGER %.*s_no_update;\nDROP TRIGGER %.*s_no_delete;\n",
                   STR_ARG(table), STR_ARG(table));
    else
        buf_printf(out,
                   "DROP TRIGGER %.*s_no_change ON %.*s;\nDROP TRIGGER %.*s_no_truncate ON %.*s;\n",
                   STR_ARG(table), STR_ARG(table), STR_ARG(table), STR_ARG(table));
}

void directive_sql(enum db_engine engine, const struct directive *directive, struct buf *out)
{
    switch (directive->kind) {
    case DIRECTIVE_UNIT:
    case DIRECTIVE_DIRECTORY:
    case DIRECTIVE_REFERENCE: return;
    case DIRECTIVE_APPEND_ONLY:
        if (engine == DB_SQLITE) append_only_sqlite(directive->table, out);
        else append_only_postgres(directive->table, out);
        return;
    case DIRECTIVE_FACT: fact_view_sql(directive, out); return;
    }
}
