/* SPDX-License-Identifier: Apache-2.0 */
/* A refusal as a page: what happened, why, and what to do next. */
#include "web/remedy.h"
#include "web/visit_int.h"

enum { FAILED = 500 };

bool visit_problem(struct http_request *request, struct http_response *response, int status,
                   const struct err *err)
{
    struct err ignored = {0};
    bool english = request->language == HTTP_ENGLISH;
    struct show show = {.english = english,
                        .other_language = visit_in_language(request->arena, request, !english)};
    if (request->face != NULL) show = *(const struct show *)request->face;
    show.arena = request->arena;
    show.out = response->body;
    show.err = &ignored;
    response->type = "text/html; charset=utf-8";
    /* What no page refused, the framing of requests did, in the words of programmers; and what the
     * machine says of itself helps nobody. Then the words of the status stand alone. */
    bool of_page = request->face != NULL && status < FAILED;
    struct show_problem problem = {.status = status,
                                   .form = of_page && str_equal(str_of(err->field), S("csrf")),
                                   .reference = request->id};
    if (of_page) {
        problem.reason = str_of(english ? err->en.message : err->vi.message);
        problem.remedy = remedy_of(&show, err);
    }
    return show_error(&show, &problem) == OK;
}
