/* SPDX-License-Identifier: Apache-2.0 */
/* tidy ROOT: runs every check over the project at ROOT and prints TAP; findings are comments. */
#include <stdio.h>
#include <stdlib.h>

#include "tidy.h"

enum { TREE_BYTES_MAX = 512 << 20, REPORT_BYTES_MAX = 1 << 20 };

struct check {
    const char *name;
    void (*run)(const struct tree *tree, struct report *report);
};

static const struct check CHECKS[] = {
    {"rooms use only the floors below them", check_floors},
    {"private headers stay in their room", check_private_headers},
    {"every room has a page and lists its files", check_rooms},
    {"no banned function or type", check_banned},
    {"what cleans up after itself begins with a value", check_begun},
    {"no word that promises later work", check_promises},
    {"no path of one machine", check_machine_paths},
    {"files and lines are short and clean", check_lines},
    {"every source names the licence", check_licence},
    {"functions are short", check_functions},
    {"public functions are documented", check_documented},
    {"files that documents name exist", check_documents},
    {"SQL runs on both engines and every table has its kind", check_sql},
    {"texts stand in both languages", check_languages},
    {"every refusal says what to do", check_remedies},
};

/* Runs one check and prints its line; false when it found something. */
static bool run_check(const struct tree *tree, size_t index)
{
    struct report report = {0};
    buf_init(&report.text, REPORT_BYTES_MAX);
    CHECKS[index].run(tree, &report);
    printf("%sok %zu - %s\n", report.count > 0 ? "not " : "", index + 1, CHECKS[index].name);
    struct str text = buf_str(&report.text);
    fwrite(text.p, 1, text.n, stdout);
    buf_release(&report.text);
    return report.count == 0;
}

int main(int argc, char **argv)
{
    char *root = argc == 2 ? realpath(argv[1], NULL) : NULL;
    if (root == NULL) {
        fprintf(stderr, "usage: tidy ROOT\n");
        return 2;
    }
    struct arena arena;
    arena_init(&arena, TREE_BYTES_MAX);
    struct tree tree;
    bool good = tree_load(&tree, &arena, root);
    if (!good) fprintf(stderr, "tidy: a file below %s could not be read\n", root);
    printf("1..%zu\n", ARRAY_COUNT(CHECKS));
    for (size_t i = 0; good && i < ARRAY_COUNT(CHECKS); i++) run_check(&tree, i);
    arena_release(&arena);
    free(root);
    return good ? 0 : 1;
}
