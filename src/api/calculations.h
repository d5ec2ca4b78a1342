/* SPDX-License-Identifier: Apache-2.0 */
/* The bill calculator as a resource: POST /api/v1/bill-calculations.
 *
 * The answer is byte for byte what `sangden calc` prints for the same object; a refusal is problem
 * details whose member "error" is what `sangden calc` prints. Threads: safe. */
#ifndef SANGDEN_API_CALCULATIONS_H
#define SANGDEN_API_CALCULATIONS_H

#include "http/http.h"

/* What the context of the server begins with, for the handlers of this room. */
struct price_book;
struct api_context {
    const struct price_book *book; /* lives as long as the server */
};

/* The routes of the resource. Their requests carry a struct api_context as context. */
extern const struct http_routes api_calculation_routes;

#endif
