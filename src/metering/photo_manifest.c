/* SPDX-License-Identifier: Apache-2.0 */
/* manifest.csv of a folder of photos: what the device knew of each. */
#include "base/csv.h"
#include "base/date.h"
#include "base/decimal.h"
#include "metering/photo_int.h"

enum column { COL_FILE, COL_METER, COL_TIME, COL_REGISTER, COL_SKEW, COL_LATITUDE, COL_LONGITUDE,
              COL_ACCURACY, COL_DEVICE, COL_READER, COL_APP, COL_OFFLINE, COL_OCR,
              COL_CONFIDENCE, COL_COUNT };

static const struct csv_column COLUMNS[COL_COUNT] = {
    {"file", true}, {"meter", true}, {"time", true}, {"register", false},
    {"clock_skew_ms", false}, {"latitude", false}, {"longitude", false}, {"accuracy_m", false},
    {"device", false}, {"reader", false}, {"app_version", false}, {"offline", false},
    {"ocr_value", false}, {"ocr_confidence", false}};

static bool number_or(struct str text, unsigned places, int64_t otherwise, int64_t *out)
{
    *out = otherwise;
    return text.n == 0 || decimal_parse(text, places, out);
}

static struct str kept(struct arena *arena, struct str text)
{
    return text.n == 0 ? S("") : arena_str(arena, text);
}

static bool read_claim(struct arena *arena, const struct str *fields, struct photo_claim *out)
{
    *out = (struct photo_claim){.file = kept(arena, fields[COL_FILE]),
                                .serial = kept(arena, fields[COL_METER]),
                                .device = kept(arena, fields[COL_DEVICE]),
                                .reader = kept(arena, fields[COL_READER]),
                                .app_version = kept(arena, fields[COL_APP]),
                                .offline = str_equal(fields[COL_OFFLINE], S("1")),
                                .has_register = fields[COL_REGISTER].n > 0,
                                .has_skew = fields[COL_SKEW].n > 0,
                                .has_place = fields[COL_LATITUDE].n > 0};
    if (out->file.n == 0 || out->serial.n == 0) return false;
    if (out->has_register && !register_parse(fields[COL_REGISTER], &out->reg)) return false;
    return instant_parse(fields[COL_TIME], &out->taken_at) &&
           number_or(fields[COL_SKEW], 0, 0, &out->clock_skew_ms) &&
           number_or(fields[COL_LATITUDE], 7, 0, &out->latitude_e7) &&
           number_or(fields[COL_LONGITUDE], 7, 0, &out->longitude_e7) &&
           number_or(fields[COL_ACCURACY], 0, -1, &out->accuracy_m) &&
           number_or(fields[COL_OCR], 3, -1, &out->ocr_index_wh) &&
           number_or(fields[COL_CONFIDENCE], 6, -1, &out->ocr_confidence_ppm);
}

err_t photo_manifest_read(struct arena *arena, const char *path, struct list *claims,
                          struct err *err)
{
    AUTO(csv_close_at) struct csv_reader *csv = NULL;
    struct str fields[COL_COUNT];
    err_t e = csv_open_file(path, COLUMNS, COL_COUNT, &csv, err);
    for (bool more = false; e == OK;) {
        e = csv_next(csv, fields, &more, err);
        if (e != OK || !more) break;
        struct photo_claim *claim = list_add(claims);
        if (claim == NULL) return err_memory(err);
        if (read_claim(arena, fields, claim)) continue;
        err_set(err, E_INPUT, "manifest.csv", "Dòng %lld không đọc được",
                "Row %lld cannot be read", (long long)csv_row(csv));
        return err_hint(err, "Cần file, meter, time (RFC 3339); các số theo mẫu",
                        "file, meter and time (RFC 3339) are needed; numbers as in the manual");
    }
    return e != OK ? e : arena->failed ? err_memory(err) : OK;
}
