/* SPDX-License-Identifier: Apache-2.0 */
/* The bill calculator as a resource: POST /api/v1/bill-calculations.
 *
 * The answer is byte for byte what `sangden calc` prints for the same object; a refusal is problem
 * details whose member "error" is what `sangden calc` prints. Threads: safe. */
#ifndef SANGDEN_API_CALCULATIONS_H
#define SANGDEN_API_CALCULATIONS_H

#include "http/http.h"

/* The routes of the resource. */
extern const struct http_routes api_calculation_routes;

#endif
