/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the members of a request one by one, refusing what is wrong by its name.
 *
 * Every function names the member alone ("upto"); a caller that walks into a list or an object puts
 * the way before it with err_prefix ("blocks[1]."), so a path is only built when something fails.
 * Ownership: texts look into the JSON tree. Threads: pure. */
#ifndef SANGDEN_BASE_JSON_FIELDS_H
#define SANGDEN_BASE_JSON_FIELDS_H

#include "base/integer.h"
#include "base/json_read.h"

/* Whether the member is there and not null. */
bool field_given(const struct json *map, const char *name);

/* Refuses anything but an object, and members outside names (each refused by its own name). */
NODISCARD err_t fields_only(const struct json *map, const char *const *names, size_t count,
                            struct err *err);

/* The member, which must be there (null counts as there). */
NODISCARD err_t field_required(const struct json *map, const char *name, const struct json **out,
                               struct err *err);
/* The member, which must be there and of that type. */
NODISCARD err_t field_typed(const struct json *map, const char *name, enum json_type type,
                            const struct json **out, struct err *err);
/* true or false; otherwise when absent. */
NODISCARD err_t field_bool(const struct json *map, const char *name, bool otherwise, bool *out,
                           struct err *err);

/* The failure of a member of the wrong type; expected in words ("một danh sách", "a list"). */
err_t field_wrong_type(const char *name, const struct json *value, const char *expected_vi,
                       const char *expected_en, struct err *err);
/* The failure of a member that is missing. */
err_t field_missing(const char *name, struct err *err);
#ifdef __clang_analyzer__
#define field_missing(...) err_surely((field_missing)(__VA_ARGS__))
#endif

/* err_prefix with an index: puts "name[index]." before the field of the error. */
err_t fields_prefix(struct err *err, const char *name, size_t index);
/* err_prefix with a name: puts "name." before the field of the error. */
err_t fields_prefix_name(struct err *err, struct str name);

#endif
