/* SPDX-License-Identifier: Apache-2.0 */
/* The dated price list of services: meter tests, works behind the meter and whatever else a
 * distributor offers at a fixed price. The list may be absent: the law names no prices. */
#include "tariff/book_int.h"

static const int64_t price_vnd_max = 1000000000;

/* Small letters, digits and underscores, and not the word of the fee that the law itself sets. */
static bool code_is_good(struct str code)
{
    if (code.n == 0 || code.n > SERVICE_CODE_MAX_BYTES || str_equal(code, S("reconnection")))
        return false;
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
    }
    return true;
}

static void check_code(struct loader *loader, const struct place *place,
                       const struct service_price *service)
{
    if (code_is_good(service->code)) return;
    book_problem(loader, place, "code",
                 (struct problem_text){"Mã dịch vụ không dùng được",
                                       "The code of the service cannot be used",
                                       "Tối đa 32 chữ thường không dấu, chữ số và gạch dưới",
                                       "At most 32 small letters, digits and underscores"});
}

/* Prices of one service may not hold on the same day. */
static void check_overlap(struct loader *loader, const struct place *place,
                          const struct service_price *list, size_t index)
{
    const struct service_price *service = &list[index];
    for (size_t i = 0; i < index; i++) {
        if (!str_equal(list[i].code, service->code)) continue;
        if (list[i].to_day < service->from_day || service->to_day < list[i].from_day) continue;
        book_problem(loader, place, "from",
                     (struct problem_text){"Hai mức giá của một dịch vụ cùng có hiệu lực",
                                           "Two prices of one service hold at the same time",
                                           "Ghi ngày cuối \"to\" cho mức giá trước",
                                           "Give the earlier price a last day \"to\""});
        return;
    }
}

static void load_service(struct loader *loader, const struct place *place,
                         const struct json *map, struct service_price *service)
{
    static const char *const keys[] = {"code",    "name_vi", "name_en",  "unit_vi",  "unit_en",
                                       "price",   "from",    "to",       "legal_vi", "legal_en",
                                       "confidence"};
    struct dated span = {DAY_OPEN, DAY_OPEN};
    (void)read_map(loader, place, map, keys, ARRAY_COUNT(keys));
    (void)read_span(loader, place, map, "from", "to", false, &span);
    (void)read_text(loader, place, map, "name_vi", &service->name_vi);
    (void)read_text(loader, place, map, "name_en", &service->name_en);
    (void)read_text(loader, place, map, "unit_vi", &service->unit_vi);
    (void)read_text(loader, place, map, "unit_en", &service->unit_en);
    (void)read_text(loader, place, map, "legal_vi", &service->legal_vi);
    (void)read_text(loader, place, map, "legal_en", &service->legal_en);
    (void)read_confidence(loader, place, map, &service->confidence);
    (void)read_scaled(loader, place, map, "price", 0, 1, price_vnd_max, &service->price_vnd);
    service->from_day = span.from_day;
    service->to_day = span.to_day;
    if (read_text(loader, place, map, "code", &service->code))
        check_code(loader, place, service);
}

bool load_services(struct loader *loader, const struct json *root, struct price_book *book)
{
    if (!is_given(root, "services")) return true;
    const struct json *list = read_list(loader, NULL, root, "services");
    if (list == NULL) return true;
    struct service_price *service =
        ARENA_ARRAY(loader->arena, struct service_price, list->count);
    if (service == NULL) return false;
    size_t i = 0;
    for (const struct json *map = list->child; map != NULL; map = map->next, i++) {
        struct place place = {NULL, "services", i};
        load_service(loader, &place, map, &service[i]);
        check_overlap(loader, &place, service, i);
    }
    book->service = service;
    book->service_count = (uint16_t)list->count;
    return true;
}

const struct service_price *book_service_at(const struct price_book *book, struct str code,
                                            int32_t day)
{
    for (size_t i = 0; i < book->service_count; i++) {
        const struct service_price *service = &book->service[i];
        if (service->from_day <= day && day <= service->to_day && str_equal(service->code, code))
            return service;
    }
    return NULL;
}
