/* SPDX-License-Identifier: Apache-2.0 */
/* Pages for everybody: is a bill genuine, help, and the files that pages load. */
#ifndef SANGDEN_WEB_OPEN_H
#define SANGDEN_WEB_OPEN_H

#include "http/http.h"

/* /kiem-chung, /tro-giup, /tai-nguyen/…; requests carry a struct site. */
extern const struct http_routes web_open_routes;

#endif
