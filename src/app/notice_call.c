/* SPDX-License-Identifier: Apache-2.0 */
#include "app/notice_call.h"

#include <stdlib.h>

static void add(struct notice_channels *channels, struct str name, notice_send *send, void *context)
{
    ASSERT(channels->count < NOTICE_CHANNELS_MAX);
    channels->list[channels->count++] = (struct notice_channel){name, send, context};
}

void call_notice_channels(struct str folder, struct notice_channels *out)
{
    if (folder.n == 0) folder = str_of(getenv("SANGDEN_NOTICE_FOLDER"));
    *out = (struct notice_channels){.count = 0};
    if (folder.n == 0) return;
    void *path = (void *)(uintptr_t)folder.p;
    add(out, S("phone"), notice_to_folder, path);
    add(out, S("email"), notice_to_folder, path);
}
