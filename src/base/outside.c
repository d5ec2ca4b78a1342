/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "base/outside_int.h"

static void start_library(void)
{
    ASSERT(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

void outside_start(void)
{
    static pthread_once_t started = PTHREAD_ONCE_INIT;
    pthread_once(&started, start_library);
}

/* ---- addresses --------------------------------------------------------------------------- */

/* 127.0.0.1, and no name that begins like it. */
static bool is_loopback(struct str host)
{
    for (size_t i = 0; i < host.n; i++)
        if ((host.p[i] < '0' || host.p[i] > '9') && host.p[i] != '.') return false;
    return str_starts(host, S("127."));
}

bool outside_is_this_machine(const char *host)
{
    struct str name = str_of(host);
    return str_equal(name, S("localhost")) || str_equal(name, S("[::1]")) || is_loopback(name);
}

bool outside_url_part(CURLU *url, CURLUPart part, char **out)
{
    *out = NULL;
    return curl_url_get(url, part, out, 0) == CURLUE_OK && *out != NULL && (*out)[0] != '\0';
}

bool outside_is_sendable(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < ' ' || text.p[i] == 0x7F) return false;
    return true;
}

/* ---- limits ------------------------------------------------------------------------------ */

bool outside_set_limits(CURL *curl, const struct outside_limits *limits)
{
    bool ok = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, limits->protocols) == CURLE_OK;
    ok &= curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK;
    ok &= curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK;
    ok &= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK;
    ok &= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK;
    ok &= curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;
    if (limits->authorities != NULL)
        ok &= curl_easy_setopt(curl, CURLOPT_CAINFO, limits->authorities) == CURLE_OK;
    ok &= curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
    ok &= curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK;
    ok &= curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK;
    ok &= curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)limits->connect_ms) == CURLE_OK;
    ok &= curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)limits->whole_ms) == CURLE_OK;
    return ok;
}

/* ---- what became of it ------------------------------------------------------------------- */

static const struct outside_reason reasons[] = {
    {CURLE_COULDNT_RESOLVE_HOST, "không tìm thấy tên máy chủ", "its name is not known",
     "Kiểm tra địa chỉ và DNS", "Check the address and the name service"},
    {CURLE_COULDNT_CONNECT, "không kết nối được", "no connection was made",
     "Kiểm tra máy chủ đang chạy và tường lửa", "Check that it runs, and the firewall"},
    {CURLE_OPERATION_TIMEDOUT, "hết thời gian chờ", "the time ran out",
     "Kiểm tra đường truyền, rồi làm lại", "Check the line, then repeat"},
    {CURLE_PEER_FAILED_VERIFICATION, "chứng thư của máy chủ không tin được",
     "its certificate is not trusted",
     "Kiểm tra tên máy chủ và tệp chứng thư gốc; không bỏ qua bước này",
     "Check the host's name and the file of authorities; this step is not left out"},
    {CURLE_SSL_CONNECT_ERROR, "không lập được kết nối TLS", "no TLS connection was made",
     "Kiểm tra địa chỉ, cổng, và máy chủ dùng TLS 1.2 trở lên",
     "Check the address, the port, and that the server speaks TLS 1.2 or later"},
    {CURLE_SSL_CACERT_BADFILE, "không đọc được tệp chứng thư gốc",
     "the file of authorities cannot be read", "Kiểm tra đường dẫn và nội dung PEM của tệp",
     "Check the path and that the file is PEM"},
};

const struct outside_reason *outside_reason(CURLcode code)
{
    static const struct outside_reason cut = {
        CURLE_OK, "kết nối bị ngắt giữa chừng", "the connection was cut",
        "Kiểm tra đường truyền, rồi làm lại", "Check the line, then repeat"};
    for (size_t i = 0; i < ARRAY_COUNT(reasons); i++)
        if (reasons[i].code == code) return &reasons[i];
    return &cut;
}
