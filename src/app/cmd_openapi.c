/* SPDX-License-Identifier: Apache-2.0 */
/* openapi: the document of the programming interface, as the server serves it. */
#include "api/table.h"
#include "app/command.h"

static err_t run(struct call *call)
{
    api_openapi(call->out);
    return OK;
}

const struct command command_openapi = {
    .name = "openapi",
    .help_vi = "In tài liệu OpenAPI của giao diện lập trình",
    .help_en = "Print the OpenAPI document of the programming interface",
    .run = run,
};
