/* SPDX-License-Identifier: Apache-2.0 */
/* Every check of tidy finds the fault it is there for, and leaves sound code alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tidy.h"

enum { ARENA_BYTES = 4 << 20, REPORT_BYTES = 64 << 10, SOURCE_MAX = 8 };

#define LICENCE "/* SPDX-License-Identifier: Apache-2.0 */\n"

static struct arena arena;
static struct tree tree;
static struct report report;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    tree = (struct tree){.arena = &arena, .root = S_INIT("/srv/project"), .capacity = SOURCE_MAX};
    tree.sources = ARENA_ARRAY(&arena, struct source, SOURCE_MAX);
    report = (struct report){0};
    buf_init(&report.text, REPORT_BYTES);
    return tree.sources == NULL;
}

static int finish(void **state)
{
    (void)state;
    buf_release(&report.text);
    arena_release(&arena);
    return 0;
}

static void add(const char *path, const char *text)
{
    assert_true(tree_add(&tree, path, str_of(text)));
}

static void expect(void (*check)(const struct tree *, struct report *), const char *findings)
{
    check(&tree, &report);
    assert_string_equal(report.text.p == NULL ? "" : report.text.p, findings);
}

static void finds_an_include_that_climbs(void **state)
{
    (void)state;
    add("tests/tidy/floors.txt", "floor 0\nbase\nfloor 3\nbilling -> views\npayment -> views\n");
    add("src/base/a.c", "#include \"billing/billing.h\"\n// #include \"payment/payment.h\"\n");
    add("src/billing/b.c", "#include \"base/str.h\"\n#include \"payment/payment_view.h\"\n"
                           "#include \"payment/payment.h\"\n");
    expect(check_floors,
           "# src/base/a.c:1: room base (floor 0) may not use billing (floor 3): "
           "billing/billing.h\n"
           "# src/billing/b.c:3: room billing (floor 3) may not use payment (floor 3): "
           "payment/payment.h\n");
}

static void finds_a_room_without_floor(void **state)
{
    (void)state;
    add("tests/tidy/floors.txt", "floor 0\nbase\n");
    add("src/cellar/a.c", "int a;\n");
    expect(check_floors, "# src/cellar/a.c: room cellar has no floor in tests/tidy/floors.txt\n");
}

static void finds_a_private_header_from_outside(void **state)
{
    (void)state;
    add("src/base/a.c", "#include \"store/store_int.h\"\n");
    add("src/store/b.c", "#include \"store/store_int.h\"\n");
    add("tests/store/test_b.c", "#include \"store/store_int.h\"\n");
    expect(check_private_headers, "# src/base/a.c:1: store/store_int.h is private to its room\n");
}

static void finds_unlisted_files_and_missing_pages(void **state)
{
    (void)state;
    add("src/base/a.c", "");
    add("src/base/b.c", "");
    add("src/base/meson.build", "files('a.c')\n");
    expect(check_rooms, "# src/base/README.md: missing: every room says what it answers\n"
                        "# src/base/b.c: not listed in any meson.build\n");
}

static void finds_what_is_cleaned_up_unset(void **state)
{
    (void)state;
    add("src/base/a.c", "void f(void)\n{\n    AUTO(rows_done_at) struct rows *rows = NULL;\n"
                        "    AUTO(arena_release) struct arena\n        arena;\n}\n"
                        "/* AUTO(x) y; */\n");
    expect(check_begun, "# src/base/a.c:4: AUTO without a value: an early return cleans up what "
                        "was never set\n");
}

static void finds_banned_calls_in_code_only(void **state)
{
    (void)state;
    add("tests/tidy/banned.txt", "free() | only src/base/memory.c | arenas\n"
                                 "double | not src/tariff/ | integers\n"
                                 "PQ* | only src/store/ | store.h\n");
    add("src/base/memory.c", "void f(void) { free(p); }\n");
    add("src/base/a.c", "/* free(p) */ char *s = \"free(p)\"; x.free(y); free_all(z); int free;\n"
                        "double ratio;\nvoid f(void) { free (p); }\n");
    add("src/tariff/a.c", "double price;\nvoid g(void) { PQexec(c, s); }\n");
    expect(check_banned, "# src/base/a.c:3: free: use arenas\n"
                         "# src/tariff/a.c:1: double: use integers\n"
                         "# src/tariff/a.c:2: PQ: use store.h\n");
}

static void finds_promises_as_whole_words(void **state)
{
    (void)state;
    add("docs/a.md", "todos XX" "XX\nPlace" "Holder\n");
    expect(check_promises, "# docs/a.md:2: \"place" "holder\": finish it, or leave it out and say "
                           "so in the issue\n");
}

static void finds_paths_of_one_machine(void **state)
{
    (void)state;
    add("docs/a.md", "cd /srv/project\ncd /srv\nls /ho" "me/an\n");
    check_machine_paths(&tree, &report);
    assert_int_equal(report.count, 2);
}

static void finds_long_and_unclean_lines(void **state)
{
    (void)state;
    add("src/base/a.c", "int a;\t\nint b; \nint c;");
    expect(check_lines, "# src/base/a.c: the last line has no end\n# src/base/a.c:1: a tab\n"
                        "# src/base/a.c:2: white space at the end\n");
}

static void counts_columns_not_bytes(void **state)
{
    (void)state;
    char text[256];
    struct buf buf;
    buf_init_fixed(&buf, text, sizeof text);
    for (int i = 0; i < 99; i++) buf_add(&buf, S("đ"));
    buf_add(&buf, S("\n"));
    add("src/base/a.c", text);
    expect(check_lines, "");
}

static void finds_a_missing_licence(void **state)
{
    (void)state;
    add("src/base/a.c", "int a;\n");
    add("src/base/b.c", LICENCE "int b;\n");
    expect(check_licence, "# src/base/a.c:1: no licence line\n");
}

static void add_function(const char *path, const char *comment, int lines)
{
    struct buf buf;
    buf_init(&buf, REPORT_BYTES);
    buf_add(&buf, S("static const int a[] = {\n1,\n};\n#define OPEN {\n"));
    buf_printf(&buf, "%sint f(void)\n{\n", comment);
    for (int i = 0; i < lines - 3; i++) buf_add(&buf, S("    call(\"}\", '}');\n"));
    buf_add(&buf, S("}\nint g(void) { return 1; }\n"));
    add(path, buf_str(&buf).p);
    buf_release(&buf);
}

static void finds_long_functions(void **state)
{
    (void)state;
    add_function("src/base/a.c", "", 70);
    add_function("src/base/b.c", "", 71);
    add_function("src/base/c.c", "/* long: one table */\n", 71);
    expect(check_functions, "# src/base/b.c:5: a function of 71 lines, at most 70: int f(void)\n");
}

static void finds_undocumented_functions(void **state)
{
    (void)state;
    add("src/base/a.h", LICENCE "/* Things. */\n#define A 1\n\n"
                                "struct a {\n    int (*f)(int);\n};\n\n"
                                "/* Does it. */\nint f(int a,\n      int b);\nint g(void);\n\n"
                                "static inline int h(void) { return 1; }\nint i(void);\n");
    add("src/base/b.h", LICENCE "#define B\n");
    add("src/base/a_int.h", LICENCE "/* Inside. */\n\nint j(void);\n");
    expect(check_documented,
           "# src/base/a.h:14: no comment: static inline int h(void) { return 1; }\n"
           "# src/base/a.h:15: no comment: int i(void);\n"
           "# src/base/b.h:2: the header does not say what it is for\n");
}

static void finds_names_of_missing_files(void **state)
{
    (void)state;
    add("src/base/str.c", "/* docs/none.md and src/none.c */\n");
    add("README.md", "`src/base`, `src/base/str.c`, src/<room>/x.c, src/none.c. "
                     "shared/docs/x.md\n");
    expect(check_documents, "# src/base/str.c:1: docs/none.md does not exist\n"
                            "# README.md:1: src/none.c does not exist\n");
}

static void finds_tables_without_kind_or_key(void **state)
{
    (void)state;
    add("src/base/1.sql", "-- @unit a\nCREATE TABLE a (\n  unit_id {i64},\n"
                          "  PRIMARY KEY (unit_id, x)\n) {strict};\n"
                          "-- @unit b\nCREATE TABLE b (x {i64} PRIMARY KEY) {strict};\n"
                          "-- @reference cc\nCREATE TABLE c (x {i64});\n");
    expect(check_sql,
           "# src/base/1.sql:7: the key of unit table b does not begin with unit_id\n"
           "# src/base/1.sql:9: table c has no kind: -- @unit, -- @directory or -- @reference\n"
           "# src/base/1.sql:9: table c ends in neither {strict} nor {clustered}\n");
}

static void finds_sql_of_one_engine(void **state)
{
    (void)state;
    add("src/base/a.c", "run(\"SELECT a FROM t \"\n    \"WHERE a ILIKE $1\");\n"
                        "run(\"SELECT CAST(sum(a) AS BIGINT), checksum(b) FROM t\");\n"
                        "run(\"SELECT sum(a) FROM t\");\n"
                        "say(\"a :: b, sum(a)\");\n");
    expect(check_sql, "# src/base/a.c:1: SQL with ILIKE: SQLite does not know it; search a folded "
                      "column\n"
                      "# src/base/a.c:4: SQL with a bare sum(): CAST(sum(x) AS BIGINT)\n");
}

static void finds_sql_that_reads_every_point(void **state)
{
    (void)state;
    add("src/base/a.c", "run(\"SELECT point_id FROM point_fact WHERE kind = 'book' \"\n"
                        "    \"AND value_i64 = $1\");\n"
                        "run(TABLES \"JOIN point_asof f ON f.kind = 'agreement' AND \"\n"
                        "    \"f.kind IN ('book', 'station', 'agreement') \"\n"
                        "    \"AND f.value_i64 = $2\");\n"
                        "run(\"SELECT value_i64 FROM point_fact WHERE kind = 'book'\");\n");
    expect(check_sql, "# src/base/a.c:1: SQL that reads every point: kind IN ('book', 'station', "
                      "'agreement') AND …\n");
}

static void finds_checks_that_cost_a_table(void **state)
{
    (void)state;
    add("src/base/1.sql", "-- @unit a\nCREATE TABLE a (\n"
                          "  unit_id {i64} CHECK (unit_id IN (0, 1)),\n"
                          "  b TEXT CHECK (b IN ('x', 'y',\n    'z')),\n"
                          "  PRIMARY KEY (unit_id)\n) {strict};\n");
    expect(check_sql, "# src/base/1.sql:4: CHECK of IN with 3 words: write them with OR\n");
}

static void finds_texts_in_one_language(void **state)
{
    (void)state;
    add("src/base/a.c",
        "err_set(e, E_INPUT, f(a, b), \"Không đọc được %s\", \"Cannot read %s\", name);\n"
        "err_set(e, E_INPUT, NULL, \"Không đọc được\", \"\");\n"
        "err_hint(e, \"Give a file name\", \"Give a file name\");\n"
        "err_detail(e, vi, en);\n");
    expect(check_languages, "# src/base/a.c:2: the English text is empty\n"
                            "# src/base/a.c:3: no Vietnamese: \"Give a file name\"\n");
}

static void finds_refusals_without_remedy(void **state)
{
    (void)state;
    add("src/base/a.c",
        "static err_t help(struct err *err)\n{\n    return err_hint(err, a, b);\n}\n"
        "static void place(struct err *err)\n{\n    err_set(err, A, 0, \"\", \"\");\n}\n"
        "err_t good(struct err *err)\n{\n    err_set(err, A);\n    return err_hint(err, a, b);\n}\n"
        "err_t asks(struct err *err)\n{\n    err_set(err, A);\n    return help(err);\n}\n"
        "err_t both(struct err *err)\n{\n    place(err);\n    return err_hint(err, a, b);\n}\n"
        "err_t bare(struct err *err)\n{\n    return err_set(err, A);\n}\n"
        "err_t less(struct err *err)\n{\n    place(err);\n    return A;\n}\n"
        "err_t late(struct err *err)\n{\n    if (x) {\n        err_set(err, A);\n"
        "        return A;\n    }\n    return err_hint(err, a, b);\n}\n"
        "err_t kept(struct err *err)\n{\n    err_t e = err_set(err, A);\n"
        "    if (e == OK) e = help(err);\n    return e;\n}\n");
    expect(check_remedies,
           "# src/base/a.c:26: err_set without err_hint: a refusal says what to do\n"
           "# src/base/a.c:30: place without err_hint: a refusal says what to do\n"
           "# src/base/a.c:36: err_set without err_hint: a refusal says what to do\n"
           "# src/base/a.c:43: err_set without err_hint: a refusal says what to do\n");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(finds_an_include_that_climbs),
        CASE(finds_a_room_without_floor),
        CASE(finds_a_private_header_from_outside),
        CASE(finds_unlisted_files_and_missing_pages),
        CASE(finds_banned_calls_in_code_only),
        CASE(finds_what_is_cleaned_up_unset),
        CASE(finds_promises_as_whole_words),
        CASE(finds_paths_of_one_machine),
        CASE(finds_long_and_unclean_lines),
        CASE(counts_columns_not_bytes),
        CASE(finds_a_missing_licence),
        CASE(finds_long_functions),
        CASE(finds_undocumented_functions),
        CASE(finds_names_of_missing_files),
        CASE(finds_tables_without_kind_or_key),
        CASE(finds_sql_of_one_engine),
        CASE(finds_sql_that_reads_every_point),
        CASE(finds_checks_that_cost_a_table),
        CASE(finds_texts_in_one_language),
        CASE(finds_refusals_without_remedy),
    };
    return cmocka_run_group_tests_name("tidy", tests, NULL, NULL);
}
