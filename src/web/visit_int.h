/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the visit share. */
#ifndef SANGDEN_WEB_VISIT_INT_H
#define SANGDEN_WEB_VISIT_INT_H

#include "web/visit.h"

/* Whether a browser brings a session, of whatever worth. */
bool visit_has_cookie(const struct http_request *request);
/* Finds who asks; without a store or a key nobody is signed in. */
NODISCARD err_t visit_open(struct visit *visit);
/* Fills what pages are told of that. */
void visit_prepare(struct visit *visit);
/* The address of this page in a language: "/khach-hang?lang=en&hop-dong=PD1". */
struct str visit_in_language(struct arena *arena, const struct http_request *request, bool english);
/* The address of this page without a language. */
struct str visit_here(struct arena *arena, const struct http_request *request);
/* Asks for the rule of the page; false where the response leads elsewhere already. */
NODISCARD err_t visit_admit(struct visit *visit, const struct visit_rule *rule, bool *out_admitted);

/* Whole answers of this thread; NULL without memory. */
struct visit_answers *visit_answers(struct visit *visit);
struct visit_answers *visit_answers_new(void);
void visit_answers_give(struct visit_answers *answers); /* NULL is accepted */
/* Answers with the bytes of before, where the page is bound to be the same, and notes anew what
 * they show. */
NODISCARD err_t visit_answer_again(struct visit *visit, const struct visit_rule *rule, bool *out);
/* Keeps the answer of the visit, if it is one to keep. */
void visit_answer_keep(struct visit *visit, const struct visit_rule *rule);

#endif
