/* SPDX-License-Identifier: Apache-2.0 */
#include "web/operations/billing_pages.h"

static const struct http_route routes[] = {
    PAGE("/van-hanh/don-vi", operations_units, ANY_STAFF),
    PAGE("/van-hanh/phuc-tra", operations_spikes, STAFF(READING_READ)),
    PAGE("/van-hanh/phuc-tra/{thang}/{diem}/{ky}", operations_spike, STAFF(READING_READ)),
    FORM("/van-hanh/phuc-tra/{thang}/{diem}/{ky}", operations_spike_decide, STAFF(READING_READ)),
    PAGE("/van-hanh/anh/{thang}/{diem}/{anh}", operations_photo, STAFF(READING_READ)),
    PAGE("/van-hanh/anh/{thang}/{diem}/{anh}/nho", operations_photo_small, STAFF(READING_READ)),
    PAGE("/van-hanh/so", operations_books, STAFF(READING_READ)),
    PAGE("/van-hanh/so/{don-vi}/{so}/{thang}/{ky}", operations_book, STAFF(READING_READ)),
    FORM("/van-hanh/so/{don-vi}/{so}/{thang}/{ky}", operations_book_act, STAFF(READING_READ)),
    PAGE("/van-hanh", operations_morning, STAFF(RUN_READ)),
    PAGE("/van-hanh/ky", operations_runs, STAFF(RUN_READ)),
    FORM("/van-hanh/ky", operations_run_start, STAFF(BILL_RUN)),
    PAGE("/van-hanh/ky/{run}", operations_run, STAFF(RUN_READ)),
    PAGE("/van-hanh/ky/{run}/tien-do", operations_run_live, STAFF(RUN_READ)),
    FORM("/van-hanh/ky/{run}/phat-hanh", operations_run_issue, STAFF(BILL_ISSUE)),
    PAGE("/van-hanh/danh-sach/{kind}", operations_list, STAFF(RUN_READ)),
    PAGE("/van-hanh/bieu-gia", operations_prices, STAFF(RUN_READ)),
    FORM_OF(PASTED_FORM_BYTES, "/van-hanh/bieu-gia", operations_price_load, STAFF(TARIFF_LOAD)),
    PAGE("/van-hanh/bieu-gia/{so}", operations_price_book, STAFF(RUN_READ)),
    FORM("/van-hanh/bieu-gia/{so}/duyet", operations_price_release, STAFF(TARIFF_RELEASE)),
    PAGE("/van-hanh/doi-chieu", operations_compare, STAFF(CUTOVER_SIGN)),
    PAGE("/van-hanh/doi-chieu/{so}", operations_compare_book, STAFF(CUTOVER_SIGN)),
    FORM_OF(PASTED_FORM_BYTES, "/van-hanh/doi-chieu/{so}", operations_compare_do,
            STAFF(CUTOVER_SIGN)),
    FORM("/van-hanh/doi-chieu/{so}/ky", operations_compare_sign, STAFF(CUTOVER_SIGN)),
    PAGE("/van-hanh/kiem-tra", operations_checks, STAFF(RUN_READ)),
    FORM("/van-hanh/kiem-tra", operations_checks_ask, STAFF(RUN_READ)),
};
const struct http_routes web_operations_routes = {routes, ARRAY_COUNT(routes)};
