/* SPDX-License-Identifier: Apache-2.0 */
#include "web/operations/operations.h"

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
};
const struct http_routes web_operations_routes = {routes, ARRAY_COUNT(routes)};
