/* SPDX-License-Identifier: Apache-2.0 */
/* How a resource is declared, once: the fields of what is asked and answered, and its operations.
 *
 *   #define BILL(F, R)                                                        a row of the table:
 *       F(R, number, TEXT(1, 96), ALWAYS, "Số hóa đơn", "Number of the bill") name, type, place,
 *       F(R, total,  INTEGER(0, VND_MAX), ALWAYS, "Tổng cộng, đồng", "…")     words
 *   API_SCHEMA(bill_answer, BILL)
 *        ├─► struct bill_answer { struct str number; int64_t total; };        what handlers fill
 *        ├─► reading and checking of path, query and body (api_read)
 *        ├─► the JSON of the answer (api_write)
 *        └─► the schema in /api/v1/openapi.json (api_openapi)
 *
 * What may be missing has a value that stands for it: API_NO_NUMBER, API_NO_DAY, month 0, a text or
 * pointer that is NULL. Such a field is left out of a request, and null in an answer.
 * Personal texts are masked unless a handler opens each of them (struct api_personal).
 * Ownership: tables are static; texts of a request live as long as it. Threads: pure. */
#ifndef SANGDEN_API_TABLE_H
#define SANGDEN_API_TABLE_H

#include "base/json_write.h"
#include "http/http.h"

struct api_schema;
struct api_call;

#define API_NO_NUMBER INT64_MIN
#define API_NO_DAY    INT32_MIN

enum api_type {
    API_TEXT,     /* struct str; least and most characters, none that acts instead of being shown */
    API_CHOICE,   /* struct str; one of words */
    API_INTEGER,  /* int64_t; least to most */
    API_DECIMAL,  /* int64_t, scaled by places; a string with an exact decimal */
    API_BOOL,     /* bool; false where it is not asked */
    API_DAY,      /* int32_t; "2026-07-31" */
    API_MONTH,    /* int64_t, YYYYMM; "2026-07" */
    API_INSTANT,  /* int64_t, unix milliseconds; RFC 3339 */
    API_PERSONAL, /* struct api_personal; masked unless opened */
    API_RAW,      /* struct str; JSON that another room wrote */
    API_OBJECT,   /* pointer to a row of schema `of` */
    API_LIST      /* struct api_list of rows of schema `of` */
};

/* Where a field of a request stands, and whether it must; of an answer: whether it may be null. */
enum api_place {
    API_IN_PATH,
    API_IN_QUERY,
    API_IN_QUERY_MAY,
    API_IN_BODY,
    API_IN_BODY_MAY,
    API_IN_ALWAYS,
    API_IN_MAY
};

struct api_personal {
    struct str text;
    bool open; /* who asks may read it whole */
};

struct api_list {
    const void *rows;
    size_t count;
};

typedef void api_mask(struct buf *out, struct str text);

struct api_field {
    const char *name;
    enum api_type type;
    enum api_place place;
    size_t offset;
    int64_t least, most;         /* characters of a text, or the number */
    unsigned places;             /* of a decimal */
    const char *words;           /* "confirm|order" of a choice */
    api_mask *mask;              /* of a personal text */
    const struct api_schema *of; /* of an object or list */
    const char *vi, *en;
};

struct api_schema {
    const char *name; /* "bill_answer" */
    const struct api_field *field;
    size_t count;
    size_t bytes; /* of the struct */
};

/* The C type of each, and how a row of the table is initialised. */
#define API_C_TEXT(...)     struct str
#define API_C_CHOICE(...)   struct str
#define API_C_INTEGER(...)  int64_t
#define API_C_COUNT         int64_t
#define API_C_MONEY         int64_t
#define API_C_DECIMAL(...)  int64_t
#define API_C_BOOL          bool
#define API_C_DAY           int32_t
#define API_C_MONTH         int64_t
#define API_C_INSTANT       int64_t
#define API_C_PERSONAL(...) struct api_personal
#define API_C_RAW           struct str
#define API_C_OBJECT(row)   const struct row *
#define API_C_LIST(row)     struct api_list

#define API_I_TEXT(few, many)    .type = API_TEXT, .least = few, .most = many
#define API_I_CHOICE(list)       .type = API_CHOICE, .words = list
#define API_I_INTEGER(low, high) .type = API_INTEGER, .least = low, .most = high
#define API_I_COUNT              .type = API_INTEGER, .least = 0, .most = INT64_MAX
#define API_I_MONEY              .type = API_INTEGER, .least = -INT64_MAX, .most = INT64_MAX
#define API_I_DECIMAL(digits)    .type = API_DECIMAL, .places = digits
#define API_I_BOOL               .type = API_BOOL
#define API_I_DAY                .type = API_DAY
#define API_I_MONTH              .type = API_MONTH
#define API_I_INSTANT            .type = API_INSTANT
#define API_I_PERSONAL(function) .type = API_PERSONAL, .mask = function
#define API_I_RAW                .type = API_RAW
#define API_I_OBJECT(row)        .type = API_OBJECT, .of = &row##_schema
#define API_I_LIST(row)          .type = API_LIST, .of = &row##_schema

#define API_MEMBER(row, member, type_, place_, vi_, en_) API_C_##type_ member;
#define API_ENTRY(row, member, type_, place_, vi_, en_) \
    {.name = #member, \
     API_I_##type_, \
     .place = API_IN_##place_, \
     .offset = offsetof(struct row, member), \
     .vi = vi_, \
     .en = en_},

/* Declares struct row, its table and `row_schema`, from a list of fields. */
#define API_SCHEMA(row, FIELDS) \
    struct row { \
        FIELDS(API_MEMBER, row) \
    }; \
    static const struct api_field row##_fields[] = {FIELDS(API_ENTRY, row)}; \
    static const struct api_schema row##_schema UNUSED = { \
        #row, row##_fields, ARRAY_COUNT(row##_fields), sizeof(struct row)}

/* ---- operations --------------------------------------------------------------------------- */

/* Reads asked (a row of the operation's schema) and fills answer, or adds rows with api_add. */
typedef err_t api_handler(struct api_call *call, const void *asked, void *answer);

enum {
    API_ANYBODY = 1,  /* also who is not known */
    API_PAGED = 2,    /* a list by cursor; the answer's schema is that of its items */
    API_CHANGES = 4,  /* wants Idempotency-Key; the handler runs inside the transaction */
    API_TAGGED = 8,   /* answers an ETag; If-None-Match is honoured */
    API_MATCHES = 16, /* wants If-Match with the tag of what it changes */
    API_EXACT = 32,   /* the handler reads the body and writes the answer itself; the tables tell */
    API_OF_MANY = 64  /* a list of what many customers have or did: its reading is noted */
};

/* No permission of a unit stands for the operation. */
enum { API_NO_PERMISSION = -1 };

struct api_operation {
    enum http_method method;
    const char *pattern; /* "/api/v1/bills/{number}": the path fields of asked, in their order */
    const char *id;      /* "bill.show" */
    const char *vi, *en;
    const struct api_schema *asked;  /* NULL: nothing is asked */
    const struct api_schema *answer; /* NULL: a file */
    api_handler *handle;
    unsigned flags;
    int permission;   /* that staff and partners need at the unit: enum permission */
    bool customers;   /* customers may ask for what is theirs */
    const char *file; /* type of a file: "application/pdf" */
    const char *keys; /* of a cursor: 'i' per number, 't' per text, "iit" */
};

struct api_resource {
    const char *vi, *en;
    const struct api_operation *operation;
    size_t count;
};

/* A resource `api_name` of the operations in a table. */
#define API_RESOURCE(name, vi_, en_, table) \
    const struct api_resource api_##name = {vi_, en_, table, ARRAY_COUNT(table)}

/* All resources of the house (resources.def). */
extern const struct api_resource *const api_resources[];
extern const size_t api_resource_count;

/* ---- reading and writing ------------------------------------------------------------------ */

/* Reads path, query and body into a row of the schema, zeroed memory of its size. Unknown, missing,
 * doubled and wrong fields are E_INPUT by their name. */
NODISCARD err_t api_read(const struct api_operation *operation, const struct http_request *request,
                         void *out, struct err *err);
/* Refuses parameters that the operation does not know, and doubled ones. E_INPUT. */
NODISCARD err_t api_check_query(const struct api_operation *operation,
                                const struct http_fields *query, struct err *err);
/* Writes a row as one JSON object. */
void api_write(struct json_writer *w, struct str key, const struct api_schema *schema,
               const void *row);
/* The OpenAPI 3.1 document of all resources. */
void api_openapi(struct buf *out);

#endif
