/* SPDX-License-Identifier: Apache-2.0 */
/* A refusal as a page: what happened, why, and what to do next. */
#include "store/store.h"
#include "web/remedy.h"
#include "web/visit_int.h"

enum { FAILED = 500 };

/* An address that no page has is answered with the links of who asked for it. Whose session cannot
 * be read is answered as a stranger; nobody gets a cookie here. */
static void find_reader(struct http_request *request, struct http_response *response,
                        struct show *show)
{
    struct err ignored = {0};
    struct visit visit = {
        .request = request, .response = response, .arena = request->arena, .err = &ignored};
    if (!visit_has_cookie(request) || http_db(request, &visit.db, &ignored) != OK) return;
    if (db_begin_read(visit.db, &ignored) != OK) return;
    size_t headers = response->extra_count;
    if (visit_open(&visit) == OK) {
        visit_prepare(&visit);
        *show = visit.show;
    }
    response->extra_count = headers;
    visit_end_snapshot(&visit);
}

bool visit_problem(struct http_request *request, struct http_response *response, int status,
                   const struct err *err)
{
    struct err ignored = {0};
    bool english = request->language == HTTP_ENGLISH;
    struct show show = {.english = english,
                        .other_language = visit_in_language(request->arena, request, !english)};
    if (request->face != NULL) show = *(const struct show *)request->face;
    else if (request->route == NULL && err->code == E_NOT_FOUND)
        find_reader(request, response, &show);
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
