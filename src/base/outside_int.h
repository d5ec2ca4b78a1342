/* SPDX-License-Identifier: Apache-2.0 */
/* What calls to servers outside share: limits of time, checked certificates, words for a failure.
 *
 * Threads: safe. */
#ifndef SANGDEN_BASE_OUTSIDE_INT_H
#define SANGDEN_BASE_OUTSIDE_INT_H

#include <curl/curl.h>

#include "base/error.h"

/* Starts the library once. */
void outside_start(void);

/* Whether a host of an address is this machine: what goes there leaves it nowhere. */
bool outside_is_this_machine(const char *host);
/* A part of an address, to be freed with curl_free; false when it is missing or empty. */
bool outside_url_part(CURLU *url, CURLUPart part, char **out);
/* Whether a text can stand on one line of a protocol: no control characters. */
bool outside_is_sendable(struct str text);

struct outside_limits {
    const char *protocols;   /* "http,https" */
    const char *authorities; /* file of certificates (PEM); NULL: the system's */
    int64_t connect_ms, whole_ms;
};

/* Certificates and host names are verified, no proxy of the environment is used, no connection is
 * kept. False when the library refuses one of them. */
bool outside_set_limits(CURL *curl, const struct outside_limits *limits);

struct outside_reason {
    CURLcode code;
    const char *vi, *en, *hint_vi, *hint_en;
};

/* Why there was no answer, in words; those of a cut connection for any other code. */
const struct outside_reason *outside_reason(CURLcode code);

#endif
