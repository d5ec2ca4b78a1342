/* SPDX-License-Identifier: Apache-2.0 */
/* October 2026 billed for made customers, a seller and two billing leaders: what the tests of
 * numbers, signatures and corrections start from. */
#ifndef SANGDEN_TESTS_INVOICES_H
#define SANGDEN_TESTS_INVOICES_H

#include "support/stores.h"

#include "base/arena.h"
#include "document/invoice_issue.h"
#include "identity/identity.h"

enum { SCENE_DAY = 20758 /* 2026-11-01, on which the bills are issued */ };

struct invoice_scene {
    struct test_store *store;
    struct db *db;
    struct arena arena;
    struct actor first, second;
    int64_t run_id;
};

/* Customers 1 … customers in books of 25, whose routes run backwards; the first point is at the end
 * of its book's route. */
void invoice_scene_make(struct invoice_scene *scene, void **state, int64_t customers);
void invoice_scene_drop(struct invoice_scene *scene);

/* Facts of a unit as a seller from a day on. */
void invoice_scene_seller(struct invoice_scene *scene, int64_t unit_id, const char *tax_code,
                          const char *from);
/* A series of unit 1, proposed by one and released by the other. */
void invoice_scene_series(struct invoice_scene *scene, const char *symbol);
/* Numbers for what has none: bills of a month, or one bill. day -1: the first possible. */
err_t invoice_scene_issue(struct invoice_scene *scene, const struct invoice_order *order,
                          struct err *err);
/* The same for October, which must succeed. */
void invoice_scene_number(struct invoice_scene *scene);
/* A released correction of a bill on 2026-11-15: so many kWh instead. */
void invoice_scene_correct(struct invoice_scene *scene, const char *bill, const char *kwh,
                           bool replace);
/* Records a parameter of unit 1 from 2020 on. */
void invoice_scene_parameter(struct invoice_scene *scene, const char *name, const char *value);

#endif
