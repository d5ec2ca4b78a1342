/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/emv.h"

#include <openssl/evp.h>

enum {
    HEADER = 4,
    CRC_DIGITS = 4,
    MD5_DIGITS = 32,
    MD5_BYTES = 16,
    ID_CHECKSUM = 63,
    ID_VIETQR = 38,
    DEPTH_MAX = 3
};

/* Where the reader stands; a path of identifiers names the place in refusals. */
struct reading {
    struct arena *arena;
    struct err *err;
    bool by_bytes; /* lengths count bytes, not characters */
    unsigned path[DEPTH_MAX];
    unsigned depth;
};

/* ---- refusals ---------------------------------------------------------------------------- */

/* "38.01" of the way so far, and the identifier behind it unless that is negative. */
static const char *place_text(const struct reading *reading, int id, char *text, size_t bytes)
{
    struct buf buf;
    buf_init_fixed(&buf, text, bytes);
    for (unsigned i = 0; i < reading->depth; i++)
        buf_printf(&buf, i > 0 ? ".%02u" : "%02u", reading->path[i]);
    if (id >= 0) buf_printf(&buf, reading->depth > 0 ? ".%02d" : "%02d", id);
    return buf.n > 0 ? text : "payload";
}

static err_t refuse_cut(const struct reading *reading, unsigned id, unsigned length, size_t have)
{
    char path[ERR_FIELD_BYTES];
    err_set(reading->err, E_INPUT, place_text(reading, (int)id, path, sizeof path),
            "Độ dài %02u của trường %02u vượt quá phần còn lại",
            "The length %02u of object %02u goes beyond what is left", length, id);
    err_detail(reading->err, "Còn %zu ký tự", "%zu characters are left", have);
    return err_hint(reading->err, "Quét lại mã QR, hoặc lấy mã mới từ nơi phát hành",
                    "Scan the QR again, or get a new one from its issuer");
}

static err_t refuse_header(const struct reading *reading, struct str rest)
{
    char path[ERR_FIELD_BYTES];
    err_set(reading->err, E_INPUT, place_text(reading, -1, path, sizeof path),
            "Không phải mã trường và độ dài: “%.*s”", "No identifier and length: “%.*s”",
            STR_ARG(str_first(rest, 12)));
    return err_hint(
        reading->err, "Mỗi trường gồm hai chữ số mã, hai chữ số độ dài (từ 01), rồi giá trị",
        "Each object is two digits of identifier, two of length (from 01), and a value");
}

static err_t refuse_twice(const struct reading *reading, unsigned id)
{
    char path[ERR_FIELD_BYTES];
    err_set(reading->err, E_INPUT, place_text(reading, (int)id, path, sizeof path),
            "Trường %02u có hai lần", "Object %02u stands twice", id);
    return err_hint(reading->err, "Không thanh toán theo mã này; lấy mã mới từ nơi phát hành",
                    "Do not pay by this QR; get a new one from its issuer");
}

static err_t refuse_order(struct err *err, const char *field, const char *vi, const char *en)
{
    err_set(err, E_INPUT, field, "%s%.0s", "%.0s%s", vi, en);
    return err_hint(err, "Kiểm tra chuỗi có bị cắt hay nối thêm không",
                    "Check whether the text was cut or added to");
}

static err_t refuse_checksum(struct err *err, struct str written, const char *computed)
{
    err_set(err, E_INPUT, "63", "Mã kiểm tra không khớp: trong mã ghi “%.*s”",
            "The checksum does not match: the QR says “%.*s”", STR_ARG(str_first(written, 40)));
    err_detail(err, "Tính được %s", "Computed %s", computed);
    return err_hint(err, "Quét lại mã QR; không thanh toán theo mã bị sửa hay bị mờ",
                    "Scan the QR again; do not pay by one that was changed or is blurred");
}

/* ---- objects ----------------------------------------------------------------------------- */

static bool two_digits(struct str text, unsigned *out)
{
    if (text.n < 2 || text.p[0] < '0' || text.p[0] > '9' || text.p[1] < '0' || text.p[1] > '9')
        return false;
    *out = (unsigned)(text.p[0] - '0') * 10 + (unsigned)(text.p[1] - '0');
    return true;
}

/* The first count characters (or bytes) of the text; false when there are fewer. */
static bool take(const struct reading *reading, struct str text, unsigned count, struct str *out)
{
    size_t at = 0;
    for (unsigned i = 0; i < count; i++) {
        if (at >= text.n) return false;
        at++;
        while (!reading->by_bytes && at < text.n && ((unsigned char)text.p[at] & 0xC0) == 0x80)
            at++;
    }
    *out = str_sub(text, 0, at);
    return true;
}

static err_t read_objects(struct reading *reading, struct str text, struct emv_object **out);

/* What must be objects inside: the beneficiary of NAPAS with its account, additional data, the
 * second language, and any other account template that begins like one. Elsewhere a value may be
 * raw, as wallets write it. */
static bool must_nest(const struct reading *reading, const struct emv_object *object)
{
    if (reading->depth == 0)
        return object->id == ID_VIETQR || object->id == 62 || object->id == 64 ||
               (object->id >= 26 && object->id <= 51 && str_starts(object->value, S("00")));
    return reading->depth == 1 && reading->path[0] == ID_VIETQR && object->id == 1;
}

static bool may_nest(const struct reading *reading, const struct emv_object *object)
{
    return reading->depth == 0 && object->id >= 80;
}

static err_t read_inside(struct reading *reading, struct emv_object *object)
{
    bool must = must_nest(reading, object);
    if (!must && !may_nest(reading, object)) return OK;
    reading->path[reading->depth++] = object->id;
    struct emv_object *child = NULL;
    err_t e = read_objects(reading, object->value, &child);
    reading->depth--;
    if (e == OK) object->child = child;
    return must || e == E_MEMORY ? e : OK;
}

static err_t read_object(struct reading *reading, struct str *rest, struct emv_object **out)
{
    unsigned id = 0, length = 0;
    if (!two_digits(*rest, &id) || !two_digits(str_sub(*rest, 2, 2), &length) || length == 0)
        return refuse_header(reading, *rest);
    struct str tail = str_sub(*rest, HEADER, rest->n), value;
    if (!take(reading, tail, length, &value))
        return refuse_cut(reading, id, length, reading->by_bytes ? tail.n : str_length(tail));
    struct emv_object *object = ARENA_NEW(reading->arena, struct emv_object);
    if (object == NULL) return err_memory(reading->err);
    *object = (struct emv_object){.id = id, .length = length, .value = value};
    *rest = str_sub(tail, value.n, tail.n);
    *out = object;
    return read_inside(reading, object);
}

static err_t read_objects(struct reading *reading, struct str text, struct emv_object **out)
{
    struct emv_object *first = NULL, **end = &first;
    while (text.n > 0) {
        struct emv_object *object = NULL;
        err_t e = read_object(reading, &text, &object);
        if (e != OK) return e;
        if (emv_find(first, object->id) != NULL) return refuse_twice(reading, object->id);
        *end = object;
        end = &object->next;
    }
    *out = first;
    return OK;
}

/* ---- checksums --------------------------------------------------------------------------- */

static unsigned crc_of(struct str text)
{
    unsigned crc = 0xFFFF;
    for (size_t i = 0; i < text.n; i++) {
        crc ^= (unsigned)(unsigned char)text.p[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1) & 0xFFFF;
    }
    return crc;
}

static void add_upper_hex(struct buf *buf, unsigned value, unsigned digits)
{
    while (digits-- > 0) buf_add_char(buf, "0123456789ABCDEF"[value >> digits * 4 & 15]);
}

static bool equal_without_case(struct str a, struct str upper)
{
    if (a.n != upper.n) return false;
    for (size_t i = 0; i < a.n; i++) {
        char c = a.p[i] >= 'a' && a.p[i] <= 'f' ? (char)(a.p[i] - 'a' + 'A') : a.p[i];
        if (c != upper.p[i]) return false;
    }
    return true;
}

/* The checksum that belongs there; body reaches to its value. */
static err_t compute(struct str body, bool md5, struct buf *out, struct err *err)
{
    if (!md5) {
        add_upper_hex(out, crc_of(body), CRC_DIGITS);
        return OK;
    }
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_Digest(body.p, body.n - HEADER, digest, &size, EVP_md5(), NULL) != 1 ||
        size != MD5_BYTES) {
        err_set(err, E_OUTSIDE, "63", "Thư viện mật mã không tính được MD5",
                "The cryptographic library does not compute MD5");
        return err_hint(
            err, "Máy này có thể chỉ cho phép thuật toán FIPS; kiểm tra cấu hình OpenSSL",
            "This machine may allow FIPS algorithms only; check OpenSSL's configuration");
    }
    for (unsigned i = 0; i < size; i++) add_upper_hex(out, digest[i], 2);
    return OK;
}

static err_t check_checksum(struct str payload, const struct emv_object *last,
                            enum emv_checksum *out, struct err *err)
{
    char memory[MD5_DIGITS + 1];
    struct buf computed;
    bool md5 = last->value.n == MD5_DIGITS;
    if (!md5 && last->value.n != CRC_DIGITS)
        return refuse_order(err, "63", "Mã kiểm tra phải dài 4 (hoặc 32) ký tự",
                            "A checksum has 4 (or 32) characters");
    buf_init_fixed(&computed, memory, sizeof memory);
    err_t e = compute(str_sub(payload, 0, payload.n - last->value.n), md5, &computed, err);
    if (e != OK) return e;
    if (!equal_without_case(last->value, buf_str(&computed)))
        return refuse_checksum(err, last->value, computed.p);
    *out = md5                                          ? EMV_MD5
           : str_equal(last->value, buf_str(&computed)) ? EMV_CRC
                                                        : EMV_CRC_LOWER_CASE;
    return OK;
}

/* ---- the whole --------------------------------------------------------------------------- */

static err_t parse_as(struct arena *arena, struct str payload, bool by_bytes,
                      struct emv_payload *out, struct err *err)
{
    struct reading reading = {.arena = arena, .err = err, .by_bytes = by_bytes};
    struct emv_payload found = {0};
    err_t e = read_objects(&reading, payload, &found.first);
    if (e != OK) return e;
    if (found.first == NULL || found.first->id != 0 || !str_equal(found.first->value, S("01")))
        return refuse_order(err, "00", "Chuỗi không bắt đầu bằng 000201",
                            "The text does not begin with 000201");
    const struct emv_object *last = found.first;
    while (last->next != NULL) last = last->next;
    if (last->id != ID_CHECKSUM)
        return refuse_order(err, "63", "Chuỗi không kết thúc bằng mã kiểm tra (trường 63)",
                            "The text does not end with its checksum (object 63)");
    e = check_checksum(payload, last, &found.checksum, err);
    if (e == OK) *out = found;
    return e;
}

static bool is_ascii(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] >= 0x80) return false;
    return true;
}

err_t emv_parse(struct arena *arena, struct str payload, struct emv_payload *out, struct err *err)
{
    size_t bad;
    if (!str_is_utf8(payload, &bad))
        return refuse_order(err, "payload", "Chuỗi không phải UTF-8", "The text is not UTF-8");
    if (payload.n > EMV_PAYLOAD_BYTES_MAX) {
        err_set(err, E_LIMIT, "payload", "Chuỗi dài quá %d byte",
                "The text is longer than %d bytes", EMV_PAYLOAD_BYTES_MAX);
        return err_hint(err, "Mã QR thanh toán ngắn hơn; kiểm tra có nối nhầm hai mã không",
                        "Payment QRs are shorter; check whether two were joined");
    }
    err_t e = parse_as(arena, payload, false, out, err);
    struct err other;
    if (e != E_INPUT || is_ascii(payload)) return e;
    return parse_as(arena, payload, true, out, &other) == OK ? OK : e;
}

const struct emv_object *emv_find(const struct emv_object *first, unsigned id)
{
    while (first != NULL && first->id != id) first = first->next;
    return first;
}

struct str emv_value(const struct emv_payload *payload, int id, int inner, int innermost)
{
    int path[] = {id, inner, innermost};
    const struct emv_object *among = payload->first, *object = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(path) && path[i] >= 0; i++) {
        object = emv_find(among, (unsigned)path[i]);
        if (object == NULL) return S("");
        among = object->child;
    }
    return object == NULL ? S("") : object->value;
}

void emv_add(struct buf *buf, unsigned id, struct str value)
{
    ASSERT(id < 100 && value.n > 0 && value.n <= EMV_VALUE_MAX && is_ascii(value));
    buf_add_padded(buf, id, 2);
    buf_add_padded(buf, (int64_t)value.n, 2);
    buf_add(buf, value);
}

void emv_add_crc(struct buf *buf)
{
    buf_add(buf, S("6304"));
    add_upper_hex(buf, crc_of(buf_str(buf)), CRC_DIGITS);
}
