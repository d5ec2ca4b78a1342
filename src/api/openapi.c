/* SPDX-License-Identifier: Apache-2.0 */
/* The OpenAPI 3.1 document, from the tables that read requests and write answers. */
#include "api/call.h"
#include "api/once.h"
#include "http/route.h"

enum { SCHEMAS_MOST = 64 };

struct document {
    struct json_writer w;
    const struct api_schema *schema[SCHEMAS_MOST];
    size_t count;
    struct buf scratch;
};

/* Texts in both languages, the Vietnamese first. */
static void put_words(struct document *d, struct str key, const char *vi, const char *en)
{
    buf_reset(&d->scratch);
    buf_printf(&d->scratch, "%s | %s", vi, en);
    json_text(&d->w, key, buf_str(&d->scratch));
}

static void put_reference(struct document *d, struct str key, const char *kind, const char *name)
{
    buf_reset(&d->scratch);
    buf_printf(&d->scratch, "#/components/%s/%s", kind, name);
    json_object(&d->w, key);
    json_text(&d->w, S("$ref"), buf_str(&d->scratch));
    json_end(&d->w);
}

/* ---- schemas ------------------------------------------------------------------------------ */

static void keep_schema(struct document *d, const struct api_schema *schema)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->schema[i] == schema) return;
    ASSERT(d->count < SCHEMAS_MOST);
    d->schema[d->count++] = schema;
    for (size_t i = 0; i < schema->count; i++)
        if (schema->field[i].of != NULL) keep_schema(d, schema->field[i].of);
}

static bool is_input(enum api_place place)
{
    return place != API_IN_ALWAYS && place != API_IN_MAY;
}

static bool may_be_null(const struct api_field *f)
{
    return f->place == API_IN_MAY || f->place == API_IN_BODY_MAY;
}

static void put_type(struct document *d, const struct api_field *f, const char *type)
{
    if (!may_be_null(f)) {
        json_text(&d->w, S("type"), str_of(type));
        return;
    }
    json_array(&d->w, S("type"));
    json_text(&d->w, JSON_ITEM, str_of(type));
    json_text(&d->w, JSON_ITEM, S("null"));
    json_end(&d->w);
}

static void put_choice(struct document *d, const struct api_field *f)
{
    struct str rest = str_of(f->words), word;
    put_type(d, f, "string");
    json_array(&d->w, S("enum"));
    while (str_split(&rest, '|', &word)) json_text(&d->w, JSON_ITEM, word);
    if (may_be_null(f)) json_null(&d->w, JSON_ITEM);
    json_end(&d->w);
}

static void put_text(struct document *d, const struct api_field *f)
{
    put_type(d, f, "string");
    if (is_input(f->place) && f->least > 0) json_i64(&d->w, S("minLength"), f->least);
    if (f->most > 0) json_i64(&d->w, S("maxLength"), f->most);
}

static void put_pattern(struct document *d, const struct api_field *f, struct str pattern)
{
    put_type(d, f, "string");
    json_text(&d->w, S("pattern"), pattern);
}

static void put_decimal(struct document *d, const struct api_field *f)
{
    buf_reset(&d->scratch);
    if (f->places == 0) buf_add(&d->scratch, S("^-?[0-9]+$"));
    else buf_printf(&d->scratch, "^-?[0-9]+(\\.[0-9]{1,%u})?$", f->places);
    put_pattern(d, f, buf_str(&d->scratch));
}

static void put_integer(struct document *d, const struct api_field *f)
{
    put_type(d, f, "integer");
    json_text(&d->w, S("format"), S("int64"));
    json_i64(&d->w, S("minimum"), f->least);
    json_i64(&d->w, S("maximum"), f->most);
}

static void put_instant(struct document *d, const struct api_field *f)
{
    put_type(d, f, "string");
    json_text(&d->w, S("format"), S("date-time"));
}

static void put_object(struct document *d, const struct api_field *f)
{
    if (!may_be_null(f)) {
        buf_reset(&d->scratch);
        buf_printf(&d->scratch, "#/components/schemas/%s", f->of->name);
        json_text(&d->w, S("$ref"), buf_str(&d->scratch));
        return;
    }
    json_array(&d->w, S("oneOf"));
    put_reference(d, JSON_ITEM, "schemas", f->of->name);
    json_object(&d->w, JSON_ITEM);
    json_text(&d->w, S("type"), S("null"));
    json_end(&d->w);
    json_end(&d->w);
}

static void put_list(struct document *d, const struct api_field *f)
{
    put_type(d, f, "array");
    put_reference(d, S("items"), "schemas", f->of->name);
}

/* The members of a schema, into the object that is open. */
static void put_schema_of(struct document *d, const struct api_field *f)
{
    switch (f->type) {
    case API_TEXT: put_text(d, f); return;
    case API_CHOICE: put_choice(d, f); return;
    case API_INTEGER: put_integer(d, f); return;
    case API_DECIMAL: put_decimal(d, f); return;
    case API_BOOL: put_type(d, f, "boolean"); return;
    case API_DAY: put_pattern(d, f, S("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")); return;
    case API_MONTH: put_pattern(d, f, S("^[0-9]{4}-[0-9]{2}$")); return;
    case API_INSTANT: put_instant(d, f); return;
    case API_PERSONAL:
        put_type(d, f, "string");
        json_bool(&d->w, S("x-masked"), true);
        return;
    case API_RAW: return; /* whatever another room wrote */
    case API_OBJECT: put_object(d, f); return;
    case API_LIST: put_list(d, f); return;
    }
}

static void put_field(struct document *d, const struct api_field *f)
{
    json_object(&d->w, str_of(f->name));
    put_words(d, S("description"), f->vi, f->en);
    put_schema_of(d, f);
    json_end(&d->w);
}

static bool stands_in(const struct api_field *f, bool body_only)
{
    return !body_only || f->place == API_IN_BODY || f->place == API_IN_BODY_MAY;
}

/* An object of fields; of what is asked, those of the body alone. */
static void put_schema(struct document *d, struct str key, const struct api_schema *schema,
                       bool body_only)
{
    json_object(&d->w, key);
    json_text(&d->w, S("type"), S("object"));
    json_bool(&d->w, S("additionalProperties"), false);
    json_array(&d->w, S("required"));
    for (size_t i = 0; i < schema->count; i++) {
        const struct api_field *f = &schema->field[i];
        if (stands_in(f, body_only) && f->place != API_IN_BODY_MAY)
            json_text(&d->w, JSON_ITEM, str_of(f->name));
    }
    json_end(&d->w);
    json_object(&d->w, S("properties"));
    for (size_t i = 0; i < schema->count; i++)
        if (stands_in(&schema->field[i], body_only)) put_field(d, &schema->field[i]);
    json_end(&d->w);
    json_end(&d->w);
}

/* ---- parameters --------------------------------------------------------------------------- */

static void put_parameter(struct document *d, const struct api_field *f, const char *place,
                          bool required)
{
    json_object(&d->w, JSON_ITEM);
    json_text(&d->w, S("name"), str_of(f->name));
    json_text(&d->w, S("in"), str_of(place));
    json_bool(&d->w, S("required"), required);
    put_words(d, S("description"), f->vi, f->en);
    json_object(&d->w, S("schema"));
    put_schema_of(d, f);
    json_end(&d->w);
    json_end(&d->w);
}

static const struct api_field page_fields[] = {
    {.name = "cursor",
     .type = API_TEXT,
     .place = API_IN_QUERY_MAY,
     .least = 1,
     .most = 600,
     .vi = "Giá trị next của trang trước",
     .en = "The value next of the page before"},
    {.name = "limit",
     .type = API_INTEGER,
     .place = API_IN_QUERY_MAY,
     .least = 1,
     .most = API_LIMIT_MOST,
     .vi = "Số mục mỗi trang, mặc định 50",
     .en = "Items of a page, 50 if not given"},
};
static const struct api_field language_field = {.name = "lang",
                                                .type = API_CHOICE,
                                                .place = API_IN_QUERY_MAY,
                                                .words = "vi|en",
                                                .vi = "Ngôn ngữ của câu từ chối và chứng từ",
                                                .en = "Language of refusals and documents"};
static const struct api_field once_field = {
    .name = "Idempotency-Key",
    .type = API_TEXT,
    .place = API_IN_QUERY,
    .least = 1,
    .most = ONCE_KEY_MOST,
    .vi = "Khóa của việc: gửi lại cùng khóa nhận lại câu trả lời cũ, 24 giờ",
    .en = "Key of the change: the same key answers what was answered, for 24 hours"};
static const struct api_field match_field = {.name = "If-Match",
                                             .type = API_TEXT,
                                             .place = API_IN_QUERY,
                                             .least = 1,
                                             .most = 200,
                                             .vi = "ETag của mục như đã đọc",
                                             .en = "The ETag of what was read"};

static void put_parameters(struct document *d, const struct api_operation *operation)
{
    const struct api_schema *asked = operation->asked;
    json_array(&d->w, S("parameters"));
    for (size_t i = 0; asked != NULL && i < asked->count; i++) {
        const struct api_field *f = &asked->field[i];
        if (f->place == API_IN_PATH) put_parameter(d, f, "path", true);
        if (f->place == API_IN_QUERY) put_parameter(d, f, "query", true);
        if (f->place == API_IN_QUERY_MAY) put_parameter(d, f, "query", false);
    }
    for (size_t i = 0; (operation->flags & API_PAGED) != 0 && i < ARRAY_COUNT(page_fields); i++)
        put_parameter(d, &page_fields[i], "query", false);
    put_parameter(d, &language_field, "query", false);
    if ((operation->flags & API_CHANGES) != 0) put_parameter(d, &once_field, "header", true);
    if ((operation->flags & API_MATCHES) != 0) put_parameter(d, &match_field, "header", true);
    json_end(&d->w);
}

/* ---- bodies and answers ------------------------------------------------------------------- */

static bool has_body(const struct api_schema *asked)
{
    for (size_t i = 0; asked != NULL && i < asked->count; i++)
        if (stands_in(&asked->field[i], true)) return true;
    return false;
}

static void put_body(struct document *d, const struct api_operation *operation)
{
    if (!has_body(operation->asked)) return;
    json_object(&d->w, S("requestBody"));
    json_bool(&d->w, S("required"), true);
    json_object(&d->w, S("content"));
    json_object(&d->w, S("application/json"));
    put_schema(d, S("schema"), operation->asked, true);
    for (size_t i = 0; i < operation->asked->count; i++)
        if (operation->asked->field[i].of != NULL) keep_schema(d, operation->asked->field[i].of);
    json_end(&d->w);
    json_end(&d->w);
    json_end(&d->w);
}

/* {"items":[…],"next":"…"} */
static void put_page(struct document *d, const struct api_schema *items)
{
    static const struct api_field next = {.name = "next",
                                          .type = API_TEXT,
                                          .place = API_IN_MAY,
                                          .most = 600,
                                          .vi = "Con trỏ của trang sau; null khi hết",
                                          .en = "Cursor of the next page; null at the end"};
    json_object(&d->w, S("schema"));
    json_text(&d->w, S("type"), S("object"));
    json_bool(&d->w, S("additionalProperties"), false);
    json_array(&d->w, S("required"));
    json_text(&d->w, JSON_ITEM, S("items"));
    json_text(&d->w, JSON_ITEM, S("next"));
    json_end(&d->w);
    json_object(&d->w, S("properties"));
    json_object(&d->w, S("items"));
    json_text(&d->w, S("type"), S("array"));
    put_reference(d, S("items"), "schemas", items->name);
    json_end(&d->w);
    put_field(d, &next);
    json_end(&d->w);
    json_end(&d->w);
}

static void put_answer(struct document *d, const struct api_operation *operation)
{
    bool file = operation->answer == NULL;
    json_object(&d->w, S("200"));
    put_words(d, S("description"), "Được", "Done");
    if ((operation->flags & (API_TAGGED | API_CHANGES)) != 0) {
        json_object(&d->w, S("headers"));
        json_object(&d->w, S("ETag"));
        json_object(&d->w, S("schema"));
        json_text(&d->w, S("type"), S("string"));
        json_end(&d->w);
        json_end(&d->w);
        json_end(&d->w);
    }
    json_object(&d->w, S("content"));
    json_object(&d->w, file ? str_of(operation->file) : S("application/json"));
    if (!file) keep_schema(d, operation->answer);
    if ((operation->flags & API_PAGED) != 0) put_page(d, operation->answer);
    else if (!file) put_reference(d, S("schema"), "schemas", operation->answer->name);
    json_end(&d->w);
    json_end(&d->w);
    json_end(&d->w);
}

static void put_answers(struct document *d, const struct api_operation *operation)
{
    json_object(&d->w, S("responses"));
    put_answer(d, operation);
    put_reference(d, S("default"), "responses", "problem");
    json_end(&d->w);
}

/* ---- operations --------------------------------------------------------------------------- */

/* The signature alone, or with the certificate that is demanded of some partners. */
static void put_signature(struct document *d, bool certificate)
{
    static const char *const partner[] = {"partnerKey", "partnerTimestamp", "partnerNonce",
                                          "partnerSignature", "partnerCertificate"};
    size_t count = ARRAY_COUNT(partner) - (certificate ? 0 : 1);
    json_object(&d->w, JSON_ITEM);
    for (size_t i = 0; i < count; i++) {
        json_array(&d->w, str_of(partner[i]));
        json_end(&d->w);
    }
    json_end(&d->w);
}

static void put_security(struct document *d, const struct api_operation *operation)
{
    bool changes = (operation->flags & API_CHANGES) != 0;
    json_array(&d->w, S("security"));
    if ((operation->flags & API_ANYBODY) == 0) {
        json_object(&d->w, JSON_ITEM);
        json_array(&d->w, S("session"));
        json_end(&d->w);
        if (changes) {
            json_array(&d->w, S("csrf"));
            json_end(&d->w);
        }
        json_end(&d->w);
    }
    if ((operation->flags & API_ANYBODY) == 0 && !changes) {
        put_signature(d, false);
        put_signature(d, true);
    }
    json_end(&d->w);
}

static void put_rights(struct document *d, const struct api_operation *operation)
{
    buf_reset(&d->scratch);
    if ((operation->flags & API_ANYBODY) != 0) {
        buf_add(&d->scratch, S("Ai cũng dùng được | Open to anybody"));
    } else if (operation->permission == API_NO_PERMISSION) {
        buf_add(&d->scratch, S("Ai đã đăng nhập hoặc ký yêu cầu | Whoever signed in or signs"));
    } else {
        enum permission permission = (enum permission)operation->permission;
        buf_printf(
            &d->scratch, "Quyền tại đơn vị: %s%s | Right at the unit: %s%s",
            permission_vi(permission), operation->customers ? "; khách hàng xem của mình" : "",
            permission_en(permission), operation->customers ? "; customers see their own" : "");
    }
    json_text(&d->w, S("description"), buf_str(&d->scratch));
}

static void put_operation(struct document *d, const struct api_resource *resource,
                          const struct api_operation *operation)
{
    static const char *const keys[] = {[HTTP_GET] = "get",
                                       [HTTP_POST] = "post",
                                       [HTTP_PUT] = "put",
                                       [HTTP_PATCH] = "patch",
                                       [HTTP_DELETE] = "delete"};
    json_object(&d->w, str_of(keys[operation->method]));
    json_text(&d->w, S("operationId"), str_of(operation->id));
    put_words(d, S("summary"), operation->vi, operation->en);
    put_rights(d, operation);
    json_array(&d->w, S("tags"));
    json_text(&d->w, JSON_ITEM, str_of(resource->en));
    json_end(&d->w);
    put_security(d, operation);
    put_parameters(d, operation);
    put_body(d, operation);
    put_answers(d, operation);
    json_end(&d->w);
}

/* Operations of one pattern stand together in their resource's table. */
static void put_paths(struct document *d)
{
    const char *open = NULL;
    json_object(&d->w, S("paths"));
    for (size_t i = 0; i < api_resource_count; i++) {
        for (size_t k = 0; k < api_resources[i]->count; k++) {
            const struct api_operation *operation = &api_resources[i]->operation[k];
            bool same = open != NULL && str_equal(str_of(open), str_of(operation->pattern));
            if (!same && open != NULL) json_end(&d->w);
            if (!same) json_object(&d->w, str_of(operation->pattern));
            open = operation->pattern;
            put_operation(d, api_resources[i], operation);
        }
    }
    if (open != NULL) json_end(&d->w);
    json_end(&d->w);
}

/* ---- components --------------------------------------------------------------------------- */

static void put_scheme(struct document *d, const char *name, const char *place, const char *header,
                       const char *vi, const char *en)
{
    json_object(&d->w, str_of(name));
    json_text(&d->w, S("type"), S("apiKey"));
    json_text(&d->w, S("in"), str_of(place));
    json_text(&d->w, S("name"), str_of(header));
    put_words(d, S("description"), vi, en);
    json_end(&d->w);
}

static void put_schemes(struct document *d)
{
    json_object(&d->w, S("securitySchemes"));
    put_scheme(d, "session", "cookie", "__Host-sangden", "Phiên đăng nhập", "A session signed in");
    put_scheme(d, "csrf", "header", "X-CSRF-Token", "Mã csrf của /api/v1/session",
               "The csrf of /api/v1/session");
    put_scheme(d, "partnerKey", "header", "X-Sangden-Key", "Mã khóa của đối tác",
               "Code of the partner's key");
    put_scheme(d, "partnerTimestamp", "header", "X-Sangden-Timestamp", "Giây Unix", "Unix seconds");
    put_scheme(d, "partnerNonce", "header", "X-Sangden-Nonce", "Chuỗi dùng một lần",
               "Used once, 16 to 64 characters");
    put_scheme(d, "partnerSignature", "header", "X-Sangden-Signature",
               "HMAC-SHA256, cách tính ở docs/api.md", "HMAC-SHA256, as in docs/api.md");
    json_object(&d->w, S("partnerCertificate"));
    json_text(&d->w, S("type"), S("mutualTLS"));
    put_words(d, S("description"), "Chứng thư đã đăng ký, với đối tác bị đòi hỏi",
              "A registered certificate, where it is demanded of the partner");
    json_end(&d->w);
    json_end(&d->w);
}

static const struct str problem_schema = S_INIT(
    "{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\",\"detail\",\"code\","
    "\"request_id\"],\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"}"
    ","
    "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},\"code\":{\"type\":"
    "\"string\"},\"field\":{\"type\":\"string\"},\"hint\":{\"type\":\"string\"},\"detail_vi\":"
    "{\"type\":\"string\"},\"hint_vi\":{\"type\":\"string\"},\"detail_en\":{\"type\":\"string\"},"
    "\"hint_en\":{\"type\":\"string\"},\"request_id\":{\"type\":\"string\"},\"error\":{}}}");

static void put_components(struct document *d)
{
    json_object(&d->w, S("components"));
    put_schemes(d);
    json_object(&d->w, S("responses"));
    json_object(&d->w, S("problem"));
    put_words(d, S("description"), "Từ chối, với nơi, lý do và cách sửa (RFC 9457)",
              "A refusal with place, reason and remedy (RFC 9457)");
    json_object(&d->w, S("content"));
    json_object(&d->w, S("application/problem+json"));
    put_reference(d, S("schema"), "schemas", "problem");
    json_end(&d->w);
    json_end(&d->w);
    json_end(&d->w);
    json_end(&d->w);
    json_object(&d->w, S("schemas"));
    json_raw(&d->w, S("problem"), problem_schema);
    for (size_t i = 0; i < d->count; i++)
        put_schema(d, str_of(d->schema[i]->name), d->schema[i], false);
    json_end(&d->w);
    json_end(&d->w);
}

void api_openapi(struct buf *out)
{
    struct document d = {.count = 0};
    buf_init(&d.scratch, HTTP_PATH_MAX_BYTES);
    json_writer_init(&d.w, out);
    json_object(&d.w, JSON_ITEM);
    json_text(&d.w, S("openapi"), S("3.1.0"));
    json_object(&d.w, S("info"));
    json_text(&d.w, S("title"), S("Sáng Đèn"));
    json_text(&d.w, S("version"), S("1"));
    put_words(&d, S("description"), "Giao diện cho chương trình của ngành điện",
              "The programming interface of an electricity distributor");
    json_end(&d.w);
    put_paths(&d);
    put_components(&d);
    json_end(&d.w);
    buf_add_char(out, '\n');
    buf_release(&d.scratch);
}
