/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the sources as text and refuses what the house rules do not allow.
 *
 *   text   #include "base/str.h"   call("a(b");   // why
 *   code   #include "          "   call("   ");           the same offsets, literals and comments
 *                                                         blank
 *   flat                           call("   ");           code without preprocessor lines
 *
 * Ownership: everything lives in the arena of the tree. Threads: one. */
#ifndef SANGDEN_TESTS_TIDY_H
#define SANGDEN_TESTS_TIDY_H

#include "base/arena.h"
#include "base/buffer.h"

struct source {
    struct str path; /* from the root of the project: "src/base/str.c" */
    struct str room; /* "base"; empty outside src/ */
    struct str name; /* "str.c" */
    struct str text;
    char *code;
    char *flat;
    struct str *lines; /* of text, without the line end */
    size_t line_count;
};

struct tree {
    struct arena *arena;
    struct str root; /* absolute path of the project */
    struct source *sources;
    size_t count;
    size_t capacity;
};

struct report {
    struct buf text; /* one line per finding: "# src/base/str.c:12: why" */
    size_t count;
};

/* Loads every text file of the project below root (not build folders, not hidden folders but .ci).
 * False when a file cannot be read. */
NODISCARD bool tree_load(struct tree *tree, struct arena *arena, const char *root);
/* Adds one source from memory. False when there is no memory. */
NODISCARD bool tree_add(struct tree *tree, const char *path, struct str text);
/* The source with this path, or NULL. */
const struct source *tree_find(const struct tree *tree, struct str path);

bool source_is_c(const struct source *source);      /* .c and .h */
bool source_is_header(const struct source *source); /* .h */
bool source_in_src(const struct source *source);
/* Line (from 1) of a byte offset. */
size_t source_line(const struct source *source, size_t offset);

/* A function with its body, as offsets into the text. */
struct function {
    struct str name;
    bool is_void;
    size_t start;
    size_t body; /* its '{' */
    size_t body_end;
};

/* The next function with a body at or behind *at; false at the end of the file. */
bool source_next_function(const struct source *source, size_t *at, struct function *out);

/* Notes a finding; line 0 speaks of the whole file. */
PRINTF_LIKE(4, 5)
void report_at(struct report *report, struct str path, size_t line, const char *format, ...);

/* Whether c may stand in an identifier. */
bool is_word(char c);
/* First place of needle at or behind from, or text.n. */
size_t text_find(struct str text, size_t from, struct str needle);

/* The checks; each reads the whole tree. */
void check_floors(const struct tree *tree, struct report *report);
void check_private_headers(const struct tree *tree, struct report *report);
void check_rooms(const struct tree *tree, struct report *report);
void check_banned(const struct tree *tree, struct report *report);
void check_begun(const struct tree *tree, struct report *report);
void check_promises(const struct tree *tree, struct report *report);
void check_machine_paths(const struct tree *tree, struct report *report);
void check_lines(const struct tree *tree, struct report *report);
void check_licence(const struct tree *tree, struct report *report);
void check_functions(const struct tree *tree, struct report *report);
void check_documented(const struct tree *tree, struct report *report);
void check_documents(const struct tree *tree, struct report *report);
void check_sql(const struct tree *tree, struct report *report);
void check_remedies(const struct tree *tree, struct report *report);
void check_languages(const struct tree *tree, struct report *report);

#endif
