/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/decimal.h"
#include "tariff/book_int.h"

/* Ids stand in bills, requests and file names, texts on one line of a bill. */
enum { ID_BYTES_MAX = 40, TEXT_BYTES_MAX = 1000, DELETE = 0x7f };

static void add_place(struct buf *buf, const struct place *place)
{
    if (place == NULL) return;
    add_place(buf, place->up);
    if (buf->n > 0) buf_add_char(buf, '.');
    buf_add(buf, str_of(place->name));
    if (place->index != PLACE_ALONE) buf_printf(buf, "[%zu]", place->index);
}

void book_problem(struct loader *loader, const struct place *place, const char *key,
                  struct problem_text text)
{
    char field[ERR_FIELD_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, field, sizeof field);
    add_place(&buf, place);
    if (key != NULL && buf.n > 0) buf_add_char(&buf, '.');
    buf_add(&buf, str_of(key));
    struct err problem;
    err_set(&problem, E_INPUT, field, "%s%.0s", "%.0s%s", text.vi, text.en);
    err_hint(&problem, "%s%.0s", "%.0s%s", text.hint_vi, text.hint_en);
    loader->problem_count++;
    loader->report(loader->context, &problem);
}

static bool key_known(struct str key, const char *const *keys, size_t key_count)
{
    for (size_t i = 0; i < key_count; i++)
        if (str_equal(key, str_of(keys[i]))) return true;
    return false;
}

bool read_map(struct loader *loader, const struct place *place, const struct json *node,
              const char *const *keys, size_t key_count)
{
    if (node == NULL || node->type != JSON_MAP) {
        book_problem(loader, place, NULL,
                     (struct problem_text){"Chỗ này phải là một đối tượng JSON",
                                           "A JSON object must stand here",
                                           "Viết đối tượng theo mẫu của biểu giá có sẵn",
                                           "Write the object as in the built-in price book"});
        return false;
    }
    bool good = true;
    for (const struct json *member = node->child; member != NULL; member = member->next) {
        if (key_known(member->key, keys, key_count)) continue;
        char name[ERR_FIELD_BYTES];
        struct buf buf;
        buf_init_fixed(&buf, name, sizeof name);
        buf_add(&buf, member->key);
        book_problem(loader, place, name,
                     (struct problem_text){"Trường không có trong mẫu biểu giá",
                                           "The field is not known in a price book",
                                           "Bỏ trường này hoặc sửa tên",
                                           "Remove the field or correct its name"});
        good = false;
    }
    return good;
}

bool is_given(const struct json *map, const char *key)
{
    const struct json *node = json_member(map, str_of(key));
    return node != NULL && node->type != JSON_NULL;
}

const struct json *read_list(struct loader *loader, const struct place *place,
                             const struct json *map, const char *key)
{
    const struct json *node = json_member(map, str_of(key));
    if (node != NULL && node->type == JSON_LIST && node->count <= UINT16_MAX) return node;
    book_problem(loader, place, key,
                 (struct problem_text){"Thiếu danh sách này", "This list is missing",
                                       "Thêm danh sách, có thể để trống []",
                                       "Add the list, empty [] if need be"});
    return NULL;
}

bool read_text(struct loader *loader, const struct place *place, const struct json *map,
               const char *key, struct str *out)
{
    const struct json *node = json_member(map, str_of(key));
    if (node == NULL || node->type != JSON_TEXT || node->text.n == 0) {
        book_problem(loader, place, key,
                     (struct problem_text){"Thiếu chuỗi ở trường này",
                                           "A text is missing in this field",
                                           "Viết giá trị trong ngoặc kép",
                                           "Write the value in quotes"});
        return false;
    }
    bool clean = node->text.n <= TEXT_BYTES_MAX;
    for (size_t i = 0; i < node->text.n; i++)
        clean = clean && (unsigned char)node->text.p[i] >= ' ' && node->text.p[i] != DELETE;
    if (!clean) {
        book_problem(loader, place, key,
                     (struct problem_text){"Chuỗi quá dài hoặc có ký tự điều khiển",
                                           "The text is too long or holds a control character",
                                           "Viết trên một dòng, tối đa 1000 byte",
                                           "Write it on one line, at most 1000 bytes"});
        return false;
    }
    *out = node->text;
    return true;
}

static bool is_id_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           c == '/' || c == '-' || c == '_' || c == '.';
}

bool read_id(struct loader *loader, const struct place *place, const struct json *map,
             struct str *out)
{
    struct str id;
    if (!read_text(loader, place, map, "id", &id)) return false;
    bool good = id.n <= ID_BYTES_MAX;
    for (size_t i = 0; i < id.n; i++) good = good && is_id_char(id.p[i]);
    if (good) {
        *out = id;
        return true;
    }
    book_problem(loader, place, "id",
                 (struct problem_text){"Mã quá dài hoặc có ký tự không dùng được",
                                       "The id is too long or holds a character that ids have not",
                                       "Dùng chữ không dấu, chữ số và / - _ . như \"QD1279/2025\", "
                                       "tối đa 40 ký tự",
                                       "Use plain letters, digits and / - _ . as in "
                                       "\"QD1279/2025\", at most 40"});
    return false;
}

bool read_day(struct loader *loader, const struct place *place, const struct json *map,
              const char *key, bool nullable, int32_t *out)
{
    if (nullable && !is_given(map, key)) {
        *out = DAY_OPEN;
        return true;
    }
    const struct json *node = json_member(map, str_of(key));
    if (node != NULL && node->type == JSON_TEXT && day_parse(node->text, out)) return true;
    book_problem(loader, place, key,
                 (struct problem_text){"Ngày không đúng", "The day is not valid",
                                       "Viết ngày dạng \"2026-07-31\"",
                                       "Write the day as \"2026-07-31\""});
    return false;
}

bool read_month(struct loader *loader, const struct place *place, const struct json *map,
                const char *key, int32_t *out)
{
    const struct json *node = json_member(map, str_of(key));
    if (node != NULL && node->type == JSON_TEXT && month_parse(node->text, out)) return true;
    book_problem(loader, place, key,
                 (struct problem_text){"Tháng không đúng", "The month is not valid",
                                       "Viết tháng dạng \"2026-07\"",
                                       "Write the month as \"2026-07\""});
    return false;
}

bool read_scaled(struct loader *loader, const struct place *place, const struct json *map,
                 const char *key, unsigned places, int64_t smallest, int64_t largest,
                 int64_t *out)
{
    const struct json *node = json_member(map, str_of(key));
    int64_t value;
    if (node != NULL && node->type == JSON_TEXT && decimal_parse(node->text, places, &value) &&
        value >= smallest && value <= largest) {
        *out = value;
        return true;
    }
    book_problem(loader, place, key,
                 (struct problem_text){
                     "Giá hoặc tỷ lệ thiếu, sai hoặc ngoài giới hạn",
                     "The price or rate is missing, not valid or out of range",
                     "Viết số thập phân trong ngoặc kép; giá bán điện là số đồng nguyên, lớn hơn 0",
                     "Write a decimal in quotes; an energy price is whole đồng above 0"});
    return false;
}

bool read_whole(struct loader *loader, const struct place *place, const struct json *map,
                const char *key, int64_t smallest, int64_t largest, int64_t *out)
{
    int64_t value;
    if (json_to_i64(json_member(map, str_of(key)), &value) && value >= smallest &&
        value <= largest) {
        *out = value;
        return true;
    }
    book_problem(loader, place, key,
                 (struct problem_text){"Số nguyên thiếu hoặc ngoài giới hạn",
                                       "The whole number is missing or out of range",
                                       "Viết số nguyên không có ngoặc kép",
                                       "Write a whole number without quotes"});
    return false;
}

bool read_bool(struct loader *loader, const struct place *place, const struct json *map,
               const char *key, bool *out)
{
    const struct json *node = json_member(map, str_of(key));
    if (node != NULL && (node->type == JSON_TRUE || node->type == JSON_FALSE)) {
        *out = node->type == JSON_TRUE;
        return true;
    }
    book_problem(loader, place, key,
                 (struct problem_text){"Thiếu true hoặc false", "true or false is missing",
                                       "Viết true hoặc false, không có ngoặc kép",
                                       "Write true or false without quotes"});
    return false;
}

bool read_confidence(struct loader *loader, const struct place *place, const struct json *map,
                     uint8_t *out)
{
    const struct json *node = json_member(map, S("confidence"));
    enum confidence confidence;
    if (node != NULL && node->type == JSON_TEXT && confidence_parse(node->text, &confidence)) {
        *out = (uint8_t)confidence;
        return true;
    }
    book_problem(
        loader, place, "confidence",
        (struct problem_text){
            "Mức tin cậy không đúng", "The confidence is not known",
            "Dùng \"verified\", \"single-source\", \"derived\" hoặc \"from memory\"",
            "Use \"verified\", \"single-source\", \"derived\" or \"from memory\""});
    return false;
}

bool read_span(struct loader *loader, const struct place *place, const struct json *map,
               const char *from_key, const char *to_key, bool nullable_from, struct dated *out)
{
    struct dated span;
    bool good = read_day(loader, place, map, from_key, nullable_from, &span.from_day);
    good = read_day(loader, place, map, to_key, true, &span.to_day) && good;
    if (!good) return false;
    if (span.to_day < span.from_day) {
        book_problem(loader, place, to_key,
                     (struct problem_text){"Ngày cuối đứng trước ngày đầu",
                                           "The last day lies before the first",
                                           "Sửa ngày, hoặc để null khi chưa có ngày cuối",
                                           "Correct the day, or write null for no last day"});
        return false;
    }
    *out = span;
    return true;
}

void check_dates(struct loader *loader, const char *name, const char *from_key,
                 const char *to_key, const struct dated *dated, size_t count)
{
    size_t last = PLACE_ALONE;
    for (size_t i = 0; i < count; i++) {
        if (dated[i].from_day == DAY_OPEN) continue;
        struct place place = {.name = name, .index = i};
        if (last != PLACE_ALONE && dated[i].from_day <= dated[last].to_day)
            book_problem(loader, &place, from_key,
                         (struct problem_text){
                             "Thời gian áp dụng chồng lên mục đứng trước",
                             "The time in force overlaps the entry before",
                             "Cho mục trước kết thúc vào ngày liền trước; xếp theo ngày tăng dần",
                             "End the entry before on the day before; keep entries in order"});
        else if (last != PLACE_ALONE && dated[i].from_day != dated[last].to_day + 1)
            book_problem(loader, &place, from_key,
                         (struct problem_text){
                             "Có khoảng ngày không mục nào áp dụng giữa mục này và mục trước",
                             "Days between this entry and the one before are not covered",
                             "Nối ngày đầu với ngày cuối của mục trước",
                             "Let the first day follow the last day of the entry before"});
        last = i;
    }
    if (last == PLACE_ALONE || dated[last].to_day == DAY_OPEN) return;
    struct place place = {.name = name, .index = last};
    book_problem(loader, &place, to_key,
                 (struct problem_text){"Mục cuối cùng có ngày kết thúc nên sau đó không có giá",
                                       "The last entry ends, so later days have no price",
                                       "Để null cho mục cuối cùng",
                                       "Write null in the last entry"});
}
