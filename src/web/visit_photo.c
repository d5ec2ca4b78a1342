/* SPDX-License-Identifier: Apache-2.0 */
#include "web/visit_photo.h"

#include "base/file.h"
#include "draw/photo.h"
#include "metering/photo.h"

/* Empty when there is no photo store. */
static struct str path_of(struct visit *visit, struct str sha256)
{
    char memory[FILE_PATH_MAX_BYTES];
    struct buf path;
    struct str folder = arena_str(visit->arena, visit->site->photo_folder); /* ended by a NUL */
    buf_init_fixed(&path, memory, sizeof memory);
    if (folder.n > 0) photo_path_add(&path, folder.p, sha256);
    return path.failed ? S("") : arena_str(visit->arena, buf_str(&path));
}

bool visit_photo_kept(struct visit *visit, struct str sha256)
{
    struct str path = path_of(visit, sha256);
    return path.n > 0 && file_exists(path.p);
}

err_t visit_photo(struct visit *visit, struct str sha256, size_t bytes_max)
{
    struct str bytes, path = path_of(visit, sha256);
    struct photo photo;
    if (path.n == 0 || !file_exists(path.p)) {
        err_set(visit->err, E_NOT_FOUND, "photo", "Ảnh này không còn được lưu",
                "This photo is no longer kept");
        return err_hint(visit->err, "Chỉ số và ngày ghi vẫn còn trên trang chỉ số",
                        "The reading and its day still stand on the page of readings");
    }
    err_t e = file_read(visit->arena, path.p, PHOTO_MAX_BYTES, &bytes, visit->err);
    if (e == OK) e = photo_prepare(visit->arena, bytes, bytes_max, &photo, visit->err);
    if (e != OK) return e;
    visit_file(visit, "image/jpeg", arena_printf(visit->arena, "%.12s.jpg", sha256.p), false);
    photo_file_add(visit->show.out, &photo);
    return OK;
}
