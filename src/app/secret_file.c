/* SPDX-License-Identifier: Apache-2.0 */
#include "app/secret_file.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/file.h"

enum { OTHERS_MAY = 077 };

static err_t check_private(struct call *call, const char *name, const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0) return file_error(call->err, path, errno);
    if (!S_ISREG(about.st_mode) && !S_ISFIFO(about.st_mode)) {
        err_set(call->err, E_INPUT, name, "%s không phải là một tệp", "%s is no file", path);
        return err_hint(call->err, "Chỉ ra tệp giữ bí mật đó, mỗi giá trị một dòng",
                        "Name the file that holds the secret, one value a line");
    }
    if ((about.st_mode & OTHERS_MAY) == 0) return OK;
    err_set(call->err, E_FORBIDDEN, name, "Người khác cũng đọc được tệp bí mật %s",
            "Others may read the secret file %s", path);
    return err_hint(call->err, "Chạy: chmod 600 %s", "Run: chmod 600 %s", path);
}

err_t call_secret_file(struct call *call, const char *name, const char *path, size_t bytes_max,
                       struct str *out)
{
    err_t e = check_private(call, name, path);
    return e == OK ? file_read(call->arena, path, bytes_max, out, call->err) : e;
}
