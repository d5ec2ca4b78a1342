/* SPDX-License-Identifier: Apache-2.0 */
#include "base/privacy.h"

struct str privacy_word(enum privacy privacy)
{
    switch (privacy) {
    case PRIVACY_OPEN: return S("open");
    case PRIVACY_INTERNAL: return S("internal");
    case PRIVACY_PERSONAL: return S("personal");
    case PRIVACY_SENSITIVE: return S("sensitive");
    case PRIVACY_SECRET: break;
    }
    return S("secret");
}

bool privacy_may_show(enum privacy privacy)
{
    return privacy == PRIVACY_OPEN || privacy == PRIVACY_INTERNAL;
}
