/* SPDX-License-Identifier: Apache-2.0 */
/* How the codes of files lead to numbers. */
#include "registry/import.h"

const struct import_reference import_agreements = {
    "SELECT code, unit_id, agreement_id FROM agreement_directory WHERE code IN (" IMPORT_CODES ")",
    NULL, "hợp đồng (mã khách hàng)", "agreement (customer code)"};
const struct import_reference import_points = {
    "SELECT code, unit_id, point_id FROM point_directory WHERE code IN (" IMPORT_CODES ")", NULL,
    "điểm đo", "usage point"};
const struct import_reference import_meters = {
    "SELECT serial, unit_id, meter_id FROM meter_directory WHERE serial IN (" IMPORT_CODES ")",
    NULL, "công tơ", "meter"};
const struct import_reference import_places = {
    "SELECT code, CAST(0 AS BIGINT), place_id FROM place WHERE code IN (" IMPORT_CODES ")", NULL,
    "địa bàn", "place"};

#define INSIDE_UNIT(table, id)                                                            \
    "SELECT code, unit_id, " id " FROM " table " WHERE code IN (" IMPORT_CODES ") "       \
    "AND unit_id = " IMPORT_CODES_UNIT

const struct import_reference import_accounts = {NULL, INSIDE_UNIT("account", "account_id"),
                                                 "tài khoản", "account"};
const struct import_reference import_parties = {NULL, INSIDE_UNIT("party", "party_id"),
                                                "người, tổ chức", "party"};
const struct import_reference import_books = {NULL, INSIDE_UNIT("book", "book_id"),
                                              "sổ ghi chỉ số", "reading book"};
const struct import_reference import_stations = {
    NULL, INSIDE_UNIT("device", "device_id") " AND kind = 'station'",
    "trạm biến áp", "transformer station"};
