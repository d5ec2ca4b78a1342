/* SPDX-License-Identifier: Apache-2.0 */
/* Flat XML of route files: rows of one element name, fields as child elements with text.
 *
 *   <NewDataSet><Table1><MA_DDO>…</MA_DDO><CS_MOI>…</CS_MOI></Table1> … </NewDataSet>
 *
 * Nothing else of XML is needed or accepted: no document types, no processing but the first line,
 * no nesting below the fields. Ownership: texts live in the arena. Threads: one owner. */
#ifndef SANGDEN_METERING_ROUTE_XML_H
#define SANGDEN_METERING_ROUTE_XML_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

struct route_xml {
    struct arena *arena;
    struct str rest;
    int64_t row;
    struct str raw; /* the row last read, from its first tag to its last */
    bool opened;
};

/* Starts over a whole document; a byte order mark is passed over. */
void route_xml_init(struct route_xml *reader, struct arena *arena, struct str text);
/* Calls set for each field of the next row. *out_row is false behind the last one. E_INPUT names
 * the row; E_MEMORY. */
NODISCARD err_t route_xml_next(struct route_xml *reader, void *context,
                               void (*set)(void *context, struct str name, struct str value),
                               bool *out_row, struct err *err);
/* Adds text with the five characters escaped. */
void buf_add_xml(struct buf *buf, struct str text);

#endif
