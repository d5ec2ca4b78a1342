/* SPDX-License-Identifier: Apache-2.0 */
/* Writing C. Private to the compiler. */
#ifndef SANGDEN_WEB_COMPILER_EMIT_INT_H
#define SANGDEN_WEB_COMPILER_EMIT_INT_H

#include "web/compiler/template_int.h"

struct emitter {
    struct compilation *of;
    const struct template *file;
    struct buf *code;
    struct buf vi, en; /* static pieces not written yet, one for each language */
    unsigned indent;
};

/* "page_bill", "component_field". */
void emit_name(struct buf *out, const struct template *file);
/* The structs of a file behind those it needs; refuses components that contain each other. */
NODISCARD err_t emit_structs(struct compilation *of, struct template *file, struct buf *header);
void emit_prototypes(const struct template *file, struct buf *header);
/* The functions of a file. */
void emit_functions(struct emitter *emitter);
/* A call of a component: the head of the statement up to the bracket, then its arguments. */
void emit_arguments(struct emitter *emitter, const struct node *call);

#endif
