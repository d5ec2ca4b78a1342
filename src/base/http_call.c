/* SPDX-License-Identifier: Apache-2.0 */
#include "base/http_call.h"

#include <string.h>

#include "base/outside_int.h"

enum { HEADER_BYTES = 8192, METHOD_BYTES = 16 };

/* ---- addresses --------------------------------------------------------------------------- */

static err_t refuse_address(struct err *err, const char *vi, const char *en)
{
    err_set(err, E_INPUT, "address", "Địa chỉ máy chủ không dùng được: %s%.0s",
            "The address of the server cannot be used: %.0s%s", vi, en);
    return err_hint(err, "Viết dạng https://máy-chủ/đường-dẫn, không kèm tên và mật khẩu",
                    "Write it as https://host/path, without a user or a password");
}

static err_t check_parts(CURLU *url, bool *out_clear, struct err *err)
{
    char *scheme, *host, *user, *password;
    bool has_scheme = outside_url_part(url, CURLUPART_SCHEME, &scheme);
    bool has_host = outside_url_part(url, CURLUPART_HOST, &host);
    bool has_user = outside_url_part(url, CURLUPART_USER, &user);
    bool has_password = outside_url_part(url, CURLUPART_PASSWORD, &password);
    bool plain = has_scheme && str_equal(str_of(scheme), S("http"));
    bool known = plain || (has_scheme && str_equal(str_of(scheme), S("https")));
    bool clear = plain && has_host && !outside_is_this_machine(host);
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_free(password);
    if (!known) return refuse_address(err, "chỉ nhận http và https", "only http and https");
    if (!has_host) return refuse_address(err, "thiếu tên máy chủ", "there is no host");
    if (has_user || has_password)
        return refuse_address(err, "có kèm tên hoặc mật khẩu", "a user or password stands in it");
    *out_clear = clear;
    return OK;
}

err_t http_address_check(struct str address, bool *out_clear, struct err *err)
{
    char text[HTTP_ADDRESS_MAX_BYTES + 1];
    if (address.n == 0 || address.n > HTTP_ADDRESS_MAX_BYTES || !outside_is_sendable(address))
        return refuse_address(err, "trống, quá dài hoặc có ký tự lạ",
                              "it is empty, too long or has odd characters");
    memcpy(text, address.p, address.n);
    text[address.n] = '\0';
    CURLU *url = curl_url();
    if (url == NULL) return err_memory(err);
    err_t e = curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK
                  ? check_parts(url, out_clear, err)
                  : refuse_address(err, "viết sai", "it is not well formed");
    curl_url_cleanup(url);
    return e;
}

/* ---- one exchange ------------------------------------------------------------------------ */

struct exchange {
    const struct http_call_request *request;
    struct buf *body;
    CURL *curl;
    struct curl_slist *headers;
    bool too_large;     /* the answer */
    bool source_failed; /* the body that was to be sent */
};

static size_t take_answer(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    struct str piece = {bytes, size * count};
    if (piece.n > x->request->answer_max_bytes - x->body->n) {
        x->too_large = true;
        return 0;
    }
    buf_add(x->body, piece);
    return x->body->failed ? 0 : piece.n;
}

static size_t give_body(char *into, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    size_t given = x->request->source(x->request->source_context, into, size * count);
    if (given != SIZE_MAX) return given;
    x->source_failed = true;
    return CURL_READFUNC_ABORT;
}

static bool add_header(struct exchange *x, struct str name, struct str value)
{
    char memory[HEADER_BYTES];
    struct buf line;
    buf_init_fixed(&line, memory, sizeof memory);
    buf_printf(&line, "%.*s:%s%.*s", STR_ARG(name), value.n > 0 ? " " : "", STR_ARG(value));
    struct curl_slist *longer = line.failed ? NULL : curl_slist_append(x->headers, memory);
    explicit_bzero(memory, sizeof memory);
    if (longer != NULL) x->headers = longer;
    return longer != NULL;
}

/* Expect would ask the server before the body is sent, which few servers answer well. */
static err_t add_headers(struct exchange *x, struct err *err)
{
    bool fits = add_header(x, S("Expect"), S(""));
    ASSERT(x->request->header_count <= HTTP_HEADERS_MAX);
    for (size_t i = 0; fits && i < x->request->header_count; i++) {
        const struct http_call_header *header = &x->request->headers[i];
        fits = outside_is_sendable(header->name) && outside_is_sendable(header->value) &&
               add_header(x, header->name, header->value);
        if (fits) continue;
        err_set(err, E_INPUT, "headers", "Không gửi được tiêu đề %.*s",
                "The header %.*s cannot be sent", STR_ARG(header->name));
        return err_hint(err, "Giá trị là một dòng, không có ký tự điều khiển, ngắn hơn %d byte",
                        "Its value is one line without control characters, below %d bytes",
                        HEADER_BYTES);
    }
    return fits ? OK : err_memory(err);
}

static bool set_limits(const struct exchange *x)
{
    CURL *c = x->curl;
    const struct http_call_request *r = x->request;
    const struct outside_limits limits = {"http,https", r->authorities, r->connect_ms, r->whole_ms};
    bool ok = outside_set_limits(c, &limits);
    ok &= curl_easy_setopt(c, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1) == CURLE_OK;
    ok &= curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
    return ok;
}

static bool set_content(struct exchange *x, const char *address, const char *method)
{
    CURL *c = x->curl;
    const struct http_call_request *r = x->request;
    bool ok = curl_easy_setopt(c, CURLOPT_URL, address) == CURLE_OK;
    ok &= curl_easy_setopt(c, CURLOPT_HTTPHEADER, x->headers) == CURLE_OK;
    ok &= curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_answer) == CURLE_OK;
    ok &= curl_easy_setopt(c, CURLOPT_WRITEDATA, x) == CURLE_OK;
    if (str_equal(r->method, S("GET"))) return ok;
    ok &= curl_easy_setopt(c, CURLOPT_POST, 1L) == CURLE_OK;
    ok &= curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, method) == CURLE_OK;
    int64_t bytes = r->source == NULL ? (int64_t)r->body.n : r->source_bytes;
    ok &= curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)bytes) == CURLE_OK;
    if (r->source == NULL)
        return ok && curl_easy_setopt(c, CURLOPT_POSTFIELDS, r->body.p) == CURLE_OK;
    ok &= curl_easy_setopt(c, CURLOPT_READFUNCTION, give_body) == CURLE_OK;
    return ok && curl_easy_setopt(c, CURLOPT_READDATA, x) == CURLE_OK;
}

/* ---- what became of it ------------------------------------------------------------------- */

/* Nothing is on the wire before the first line of the request is. */
static enum http_sent how_far(CURL *curl)
{
    long request_bytes = 0;
    if (curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &request_bytes) != CURLE_OK)
        return HTTP_MAYBE_SENT;
    return request_bytes > 0 ? HTTP_MAYBE_SENT : HTTP_NOT_SENT;
}

static err_t no_answer(const struct exchange *x, CURLcode code, enum http_sent sent,
                       struct err *err)
{
    const struct outside_reason *reason = outside_reason(code);
    const char *vi = reason->vi, *en = reason->en;
    const char *hint_vi = reason->hint_vi, *hint_en = reason->hint_en;
    if (x->too_large) {
        vi = "câu trả lời quá lớn", en = "its answer is too large";
        hint_vi = "Hỏi bên vận hành máy chủ", hint_en = "Ask those who run the server";
    }
    if (x->source_failed) {
        vi = "không đọc được nội dung cần gửi", en = "what was to be sent could not be read";
        hint_vi = "Kiểm tra kho dữ liệu, rồi làm lại", hint_en = "Check the store, then repeat";
    }
    err_set(err, E_OUTSIDE, "address", "Máy chủ bên ngoài không trả lời trọn vẹn: %s%.0s",
            "The server outside gave no whole answer: %.0s%s", vi, en);
    err_detail(err, "%s%.0s, mã lỗi %d", "%.0s%s, code %d",
               sent == HTTP_NOT_SENT ? "Yêu cầu chưa được gửi" : "Yêu cầu có thể đã tới nơi",
               sent == HTTP_NOT_SENT ? "The request was not sent" : "The request may have arrived",
               (int)code);
    return err_hint(err, "%s%.0s", "%.0s%s", hint_vi, hint_en);
}

static err_t read_status(const struct exchange *x, struct http_call_answer *answer, struct err *err)
{
    long status = 0;
    curl_off_t retry_after_s = 0;
    bool known = curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK;
    if (!known || status < 100 || status > 999)
        return no_answer(x, CURLE_WEIRD_SERVER_REPLY, HTTP_MAYBE_SENT, err);
    if (curl_easy_getinfo(x->curl, CURLINFO_RETRY_AFTER, &retry_after_s) != CURLE_OK)
        retry_after_s = 0;
    answer->status = status;
    answer->retry_after_s = retry_after_s > 0 ? (int64_t)retry_after_s : -1;
    return OK;
}

static err_t perform(struct exchange *x, struct http_call_answer *answer, enum http_sent *out_sent,
                     struct err *err)
{
    char address[HTTP_ADDRESS_MAX_BYTES + 1] = "", method[METHOD_BYTES] = "";
    const struct http_call_request *r = x->request;
    memcpy(address, r->address.p, r->address.n);
    ASSERT(r->method.n < sizeof method);
    memcpy(method, r->method.p, r->method.n);
    err_t e = add_headers(x, err);
    if (e != OK) return e;
    if (!set_limits(x) || !set_content(x, address, method)) return err_memory(err);
    CURLcode code = curl_easy_perform(x->curl);
    *out_sent = how_far(x->curl);
    if (code == CURLE_OUT_OF_MEMORY || x->body->failed) return err_memory(err);
    return code == CURLE_OK ? read_status(x, answer, err) : no_answer(x, code, *out_sent, err);
}

err_t http_call(const struct http_call_request *request, struct http_call_answer *answer,
                enum http_sent *out_sent, struct err *err)
{
    bool clear;
    ASSERT(request->connect_ms > 0 && request->whole_ms > 0);
    *out_sent = HTTP_NOT_SENT;
    err_t e = http_address_check(request->address, &clear, err);
    if (e != OK) return e;
    outside_start();
    struct exchange x = {.request = request, .body = answer->body, .curl = curl_easy_init()};
    buf_reset(answer->body);
    if (x.curl == NULL) return err_memory(err);
    e = perform(&x, answer, out_sent, err);
    curl_slist_free_all(x.headers);
    curl_easy_cleanup(x.curl);
    return e;
}
