/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the columns of one kind out of its .def file. Included once per kind's .c file, behind
 *     #define IMPORT_DEF "registry/import_points.def"
 * A row of the file is COLUMN(name, required, AS_CODE, example, privacy, Vietnamese, English); it
 * gives enum value COL_name and an entry of columns[]. */
#include "registry/import.h"

enum {
#define COLUMN(name_, ...) COL_##name_,
#include IMPORT_DEF
#undef COLUMN
    COLUMN_COUNT
};

static const struct import_column columns[COLUMN_COUNT] = {
#define COLUMN(name_, required_, type_, example_, privacy_, vi_, en_)                     \
    {.name = #name_, .required = (required_), type_, .example = (example_),               \
     .privacy = (privacy_), .vi = (vi_), .en = (en_)},
#include IMPORT_DEF
#undef COLUMN
};
