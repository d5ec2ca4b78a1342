/* SPDX-License-Identifier: Apache-2.0 */
/* Names and addresses of the demonstration district. Every name ends in "(mẫu)", so that no page,
 * list or export can be taken for a real person's. Threads: pure. */
#ifndef SANGDEN_APP_DEMO_NAMES_H
#define SANGDEN_APP_DEMO_NAMES_H

#include "app/demo/demo_model.h"
#include "base/buffer.h"

enum { DEMO_COMMUNES = 12 };

/* Communes of the district, 0 <= index < DEMO_COMMUNES; the first two are townships. */
struct str demo_commune(int index);
bool demo_commune_is_township(int index);

/* Writes the name of who holds the customer's agreement. */
void demo_name(const struct demo_customer *customer, struct buf *out);
/* Writes a street address inside a commune, without the commune. */
void demo_address(const struct demo_customer *customer, struct buf *out);
/* Writes a telephone number of the range that no operator gives out: 0000 and six digits. */
void demo_phone(const struct demo_customer *customer, struct buf *out);

#endif
