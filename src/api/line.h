/* SPDX-License-Identifier: Apache-2.0 */
/* What a line of an issued bill and a line of a calculation have in common, declared once. */
#ifndef SANGDEN_API_LINE_H
#define SANGDEN_API_LINE_H

#include "api/table.h"

/* clang-format off */
/* The first fields of a line, as rows of a table (api/table.h). */
#define LINE_HEAD(F, R) \
    F(R, kind,     CHOICE("energy|reactive|support|fee"), ALWAYS, "Loại dòng", "Kind of line") \
    F(R, category, TEXT(0, 16), MAY, "Nhóm giá", "Price category") \
    F(R, voltage,  TEXT(0, 16), MAY, "Cấp điện áp", "Voltage level") \
    F(R, decision, TEXT(0, 64), MAY, "Quyết định giá", "Price decision") \
    F(R, from,     DAY, ALWAYS, "Từ ngày", "From") \
    F(R, to,       DAY, ALWAYS, "Đến ngày", "To") \
    F(R, tier,     INTEGER(1, 9), MAY, "Bậc", "Tier") \
    F(R, tou,      TEXT(0, 16), MAY, "Khung giờ", "Time of use") \
    F(R, kwh,      DECIMAL(3), MAY, "Số kWh", "Energy, kWh") \
    F(R, price,    DECIMAL(0), MAY, "Đơn giá, đồng/kWh", "Price, đồng per kWh")
/* clang-format on */

#endif
