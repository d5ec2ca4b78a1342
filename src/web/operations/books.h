/* SPDX-License-Identifier: Apache-2.0 */
/* Reading books over HTTP: closing, the chain of signatures, returns.
 *
 *   /van-hanh/so?thang=2026-10&tinh-trang=closed       the books of a month
 *   /van-hanh/so/PZ0001/S0001/2026-10/1                one period of one book
 *   close ─► reader ─► team leader ─► billing leader   each by who may, as the room demands
 *     ▲────── return, with a reason ──────┘ */
#ifndef SANGDEN_WEB_OPERATIONS_BOOKS_H
#define SANGDEN_WEB_OPERATIONS_BOOKS_H

#include "web/operations/operations.h"
#include "web/show_ops_books.h"

/* The address of a period of a book. */
struct str books_address(struct visit *visit, struct str unit_code, struct str book_code,
                         int32_t month, int period_no);
/* The address of the list of a month. */
struct str books_list_address(struct visit *visit, int32_t month, struct str state);

#endif
