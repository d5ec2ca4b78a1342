/* SPDX-License-Identifier: Apache-2.0 */
/* The channel that writes files. */
#include "base/file.h"
#include "notify/notify.h"

err_t notice_to_folder(void *context, int64_t unit_id, int64_t notice_no,
                       const struct notice *notice, struct err *err)
{
    const char *folder = context;
    char path[FILE_PATH_MAX_BYTES];
    struct buf name, text;
    buf_init_fixed(&name, path, sizeof path);
    buf_printf(&name, "%s/%lld-%lld.txt", folder, (long long)unit_id, (long long)notice_no);
    if (name.failed) {
        err_set(err, E_IO, "folder", "Đường dẫn thư mục thông báo quá dài",
                "The path of the folder is too long");
        return err_hint(err, "Chọn thư mục khác", "Choose another folder");
    }
    buf_init(&text, NOTICE_BODY_BYTES + NOTICE_RECIPIENT_BYTES + NOTICE_SUBJECT_BYTES + 100);
    buf_printf(&text, "%.*s: %.*s\n", STR_ARG(notice->channel), STR_ARG(notice->recipient));
    if (notice->subject.n > 0) buf_printf(&text, "%.*s\n", STR_ARG(notice->subject));
    buf_add_char(&text, '\n');
    buf_add(&text, notice->body);
    buf_add_char(&text, '\n');
    err_t e = text.failed ? err_memory(err) : folder_make(folder, err);
    if (e == OK) e = file_write_secret(path, buf_str(&text), err);
    buf_release(&text);
    return e;
}
