/* SPDX-License-Identifier: Apache-2.0 */
#include "http/frame.h"

#include "http/decode.h"

enum { LENGTH_DIGITS_MAX = 12, LINE_END_BYTES = 2 };

static int hint_framing(struct err *err, int status)
{
    err_hint(err,
             "Gửi yêu cầu đúng RFC 9112: mỗi dòng kết thúc bằng CR LF, một Host, nhiều nhất "
             "một Content-Length",
             "Send the request as RFC 9112 says: every line ends in CR LF, one Host, at most one "
             "Content-Length");
    return status;
}

#define REFUSE(err, status, field, vi, en) \
    (err_set((err), E_INPUT, (field), vi, en), hint_framing((err), (status)))

static const char *behind(struct str text)
{
    return text.p + text.n;
}

/* Whether name and value stand as "name:", white space, value. */
static bool is_one_line(const struct http_field *header)
{
    const char *at = behind(header->name) + 1;
    if (header->value.p < at || header->value.p > at + HTTP_HEAD_MAX_BYTES) return false;
    for (; at < header->value.p; at++)
        if (*at != ' ' && *at != '\t') return false;
    return true;
}

/* Every part follows the one before with nothing but what separates them. */
static bool is_gapless(const struct http_head *head)
{
    if (head->target.p != behind(head->method) + 1) return false;
    if (head->version.p != behind(head->target) + 1) return false;
    const char *line_end = behind(head->version);
    for (size_t i = 0; i < head->headers.count; i++) {
        const struct http_field *header = &head->headers.field[i];
        if (header->name.p != line_end + LINE_END_BYTES || !is_one_line(header)) return false;
        line_end = behind(header->value);
    }
    return (size_t)(line_end - head->method.p) + 2 * LINE_END_BYTES == head->bytes;
}

static bool is_field_value(struct str value)
{
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if ((c < ' ' && c != '\t') || c == 0x7f) return false;
    }
    return true;
}

/* A name and perhaps a port: what a browser puts into Host. */
static bool is_host(struct str host)
{
    static const struct str marks = S_INIT("-._:[]%");
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && str_find(marks, c) == marks.n) return false;
    }
    return host.n > 0;
}

static bool read_length(struct str text, int64_t *out)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9') return false;
    return text.n > 0 && text.n <= LENGTH_DIGITS_MAX && str_to_i64(text, out);
}

struct seen {
    unsigned hosts, lengths, codings;
};

static int take_header(const struct http_field *header, struct seen *seen, int64_t *out_body_bytes,
                       struct err *err)
{
    if (!http_is_token(header->name) || !is_field_value(header->value))
        return REFUSE(err, 400, NULL, "Một dòng đầu đề không hợp lệ", "A header is malformed");
    if (http_same_word(header->name, S("Host"))) {
        seen->hosts++;
        if (!is_host(header->value))
            return REFUSE(err, 400, "Host", "Host không hợp lệ", "Host is malformed");
    } else if (http_same_word(header->name, S("Content-Length"))) {
        seen->lengths++;
        if (!read_length(header->value, out_body_bytes))
            return REFUSE(err, 400, "Content-Length", "Content-Length không phải là một số",
                          "Content-Length is no number");
    } else if (http_same_word(header->name, S("Transfer-Encoding"))) {
        seen->codings++;
    } else if (http_same_word(header->name, S("Expect")) &&
               !http_same_word(header->value, S("100-continue"))) {
        return REFUSE(err, 417, "Expect", "Không hiểu Expect", "Expect is not understood");
    }
    return 0;
}

static int judge(const struct seen *seen, struct err *err)
{
    if (seen->hosts != 1)
        return REFUSE(err, 400, "Host", "Cần đúng một dòng Host", "Exactly one Host is needed");
    if (seen->lengths > 1 || (seen->lengths == 1 && seen->codings > 0))
        return REFUSE(err, 400, "Content-Length", "Độ dài của thân được ghi hai lần",
                      "The length of the body is given twice");
    if (seen->codings > 0) {
        err_set(err, E_INPUT, "Transfer-Encoding", "Không nhận thân chia khúc",
                "Bodies in chunks are not taken");
        err_hint(err, "Gửi thân với Content-Length", "Send the body with Content-Length");
        return 411;
    }
    return 0;
}

int http_check_frame(const struct http_head *head, int64_t *out_body_bytes, struct err *err)
{
    struct seen seen = {0};
    *out_body_bytes = 0;
    if (!str_equal(head->version, S("HTTP/1.1")) && !str_equal(head->version, S("HTTP/1.0"))) {
        err_set(err, E_INPUT, NULL, "Phiên bản HTTP không được hỗ trợ",
                "This version of HTTP is not supported");
        err_hint(err, "Dùng HTTP/1.1", "Use HTTP/1.1");
        return 505;
    }
    /* Lines that were not kept would look like a gap. */
    if (head->bytes > HTTP_HEAD_MAX_BYTES || head->headers.count >= HTTP_HEADER_MAX_COUNT) {
        err_set(err, E_LIMIT, NULL, "Phần đầu của yêu cầu quá lớn",
                "The head of the request is too large");
        err_hint(err, "Nhiều nhất %d byte và %d dòng", "At most %d bytes and %d lines",
                 HTTP_HEAD_MAX_BYTES, HTTP_HEADER_MAX_COUNT - 1);
        return 431;
    }
    if (!http_is_token(head->method) || !is_gapless(head))
        return REFUSE(err, 400, NULL, "Phần đầu của yêu cầu không đúng khuôn dạng",
                      "The head of the request is malformed");
    for (size_t i = 0; i < head->headers.count; i++) {
        int status = take_header(&head->headers.field[i], &seen, out_body_bytes, err);
        if (status != 0) return status;
    }
    return judge(&seen, err);
}
