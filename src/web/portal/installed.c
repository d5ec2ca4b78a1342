/* SPDX-License-Identifier: Apache-2.0 */
/* /khach-hang/sw.js: the service worker of the portal on a home screen. It changes with the
 * program, under one address, and may look after /khach-hang itself. */
#include "web/assets.h"
#include "web/portal/portal.h"

err_t portal_worker(struct http_request *request, struct http_response *response, struct err *err)
{
    const struct web_asset *worker = NULL;
    (void)err;
    for (size_t i = 0; i < web_asset_count && worker == NULL; i++)
        if (str_starts(web_assets[i].name, S("portal_sw."))) worker = &web_assets[i];
    ASSERT(worker != NULL); /* a part of the program */
    const struct http_asset asset = {.path = request->path.p,
                                     .type = worker->type.p,
                                     .tag = worker->etag.p,
                                     .plain = worker->bytes,
                                     .gzip = worker->packed};
    http_add_header(response, "Service-Worker-Allowed", S("/khach-hang"));
    http_send_asset(request, response, &asset);
    return OK;
}
