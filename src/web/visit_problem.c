/* SPDX-License-Identifier: Apache-2.0 */
/* A refusal as a page: what happened, why, and what to do next. */
#include "web/visit_int.h"

bool visit_problem(struct http_request *request, struct http_response *response, int status,
                   const struct err *err)
{
    struct err ignored = {0};
    bool english = request->language == HTTP_ENGLISH;
    const struct err_text *words = english ? &err->en : &err->vi;
    const struct show show = {.arena = request->arena,
                              .english = english,
                              .other_language =
                                  visit_in_language(request->arena, request, !english),
                              .out = response->body,
                              .err = &ignored};
    response->type = "text/html; charset=utf-8";
    const struct show_problem problem = {.status = status,
                                         .reason = str_of(words->message),
                                         .remedy = str_of(words->hint),
                                         .reference = request->id};
    return show_error(&show, &problem) == OK;
}
