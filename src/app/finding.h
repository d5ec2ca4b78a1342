/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with one row of an imported file, for people and as JSON.
 *
 *   Lỗi dòng 2, cột value: Chỉ số này đã có với giá trị khác. Đã có 5, tệp ghi 6. Cách xử lý: …
 *     Error row 2, column value: This reading is there already … There is 5, … Remedy: …
 *
 * Threads: pure but for standard error. */
#ifndef SANGDEN_APP_FINDING_H
#define SANGDEN_APP_FINDING_H

#include "base/json_write.h"
#include "registry/import.h"

/* Row, column, reason, values and remedy in both languages, to standard error. */
void finding_report(const struct import_finding *finding);
/* The same as one object. */
void finding_json(struct json_writer *writer, const struct import_finding *finding);

#endif
