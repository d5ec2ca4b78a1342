/* SPDX-License-Identifier: Apache-2.0 */
/* Errors for people as text: Vietnamese first, then English, one line per part.
 *
 *   Lỗi (usage.kwh): Không phải là số       Error (usage.kwh): Not a number
 *     Chi tiết: “12,5”                        Detail: “12,5”
 *     Cách xử lý: Viết 12.5                   Remedy: Write 12.5
 *
 * Threads: pure. */
#ifndef SANGDEN_APP_REPORT_H
#define SANGDEN_APP_REPORT_H

#include "base/buffer.h"
#include "base/error.h"

/* All parts that are filled, both languages. */
void buf_add_error(struct buf *buf, const struct err *err);

#endif
