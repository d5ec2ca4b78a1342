/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"

enum { READ_STEP_BYTES = 64 * 1024 };

struct reason {
    int error_number;
    const char *vi;
    const char *en;
    const char *hint_vi;
    const char *hint_en;
};

static const struct reason reasons[] = {
    {ENOENT, "Không có tệp hoặc thư mục này", "There is no such file or folder",
     "Kiểm tra lại đường dẫn", "Check the path"},
    {EACCES, "Không có quyền truy cập", "Access is not permitted",
     "Cấp quyền đọc ghi cho người dùng đang chạy chương trình",
     "Give the user who runs the program the right to read and write there"},
    {EROFS, "Nơi này chỉ cho phép đọc", "This place can only be read",
     "Chọn nơi khác ghi được", "Choose a place that can be written"},
    {ENOSPC, "Hết chỗ trống trên đĩa", "The disk is full",
     "Giải phóng chỗ trống rồi làm lại", "Free some space, then repeat"},
    {EDQUOT, "Hết hạn mức đĩa được cấp", "The disk quota is used up",
     "Xin thêm hạn mức hoặc xóa tệp thừa, rồi làm lại",
     "Ask for more or remove files, then repeat"},
    {EISDIR, "Đây là thư mục, không phải tệp", "This is a folder, not a file",
     "Ghi tên tệp bên trong thư mục", "Name a file inside the folder"},
    {ENOTDIR, "Một phần của đường dẫn không phải thư mục",
     "A part of the path is no folder", "Kiểm tra lại đường dẫn", "Check the path"},
};

err_t file_error(struct err *err, const char *path, int error_number)
{
    for (size_t i = 0; i < ARRAY_COUNT(reasons); i++) {
        if (reasons[i].error_number != error_number) continue;
        err_set(err, E_IO, NULL, "%s%.0s, tại %s", "%.0s%s: %s", reasons[i].vi, reasons[i].en,
                path);
        return err_hint(err, "%s%.0s", "%.0s%s", reasons[i].hint_vi, reasons[i].hint_en);
    }
    err_set(err, E_IO, NULL, "Hệ điều hành báo lỗi với %s", "The operating system failed on %s",
            path);
    err_detail(err, "%s (%d)", "%s (%d)", strerror(error_number), error_number);
    return err_hint(err, "Kiểm tra đĩa và đường dẫn, rồi làm lại",
                    "Check the disk and the path, then repeat");
}

static void close_at(int *fd)
{
    if (*fd > STDERR_FILENO) close(*fd);
}

static err_t too_long(struct err *err, const char *path, size_t max_bytes)
{
    err_set(err, E_LIMIT, NULL, "Tệp quá lớn: %s", "The file is too large: %s", path);
    return err_hint(err, "Nhiều nhất %zu byte; hãy chia nhỏ tệp",
                    "At most %zu bytes; split the file", max_bytes);
}

err_t file_read(struct arena *arena, const char *path, size_t max_bytes, struct str *out,
                struct err *err)
{
    bool standard = str_equal(str_of(path), S("-"));
    AUTO(close_at) int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return file_error(err, path, errno);
    struct buf content;
    buf_init(&content, max_bytes);
    err_t e = OK;
    for (;;) {
        char step[READ_STEP_BYTES];
        ssize_t got = read(fd, step, sizeof step);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) e = file_error(err, path, errno);
        if (got <= 0) break;
        bool over = (size_t)got > max_bytes - content.n;
        buf_add(&content, (struct str){step, (size_t)got});
        if (content.failed) {
            e = over ? too_long(err, path, max_bytes) : err_memory(err);
            break;
        }
    }
    struct str copy = e == OK ? arena_str(arena, buf_str(&content)) : S("");
    buf_release(&content);
    if (e == OK && copy.p == NULL) e = err_memory(err);
    if (e == OK) *out = copy;
    return e;
}

static bool write_all(int fd, struct str text)
{
    while (text.n > 0) {
        ssize_t written = write(fd, text.p, text.n);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text = str_sub(text, (size_t)written, text.n);
    }
    return true;
}

/* The folder part of path, "." when there is none. */
static err_t folder_of(const char *path, char out[FILE_PATH_MAX_BYTES], struct err *err)
{
    const char *slash = strrchr(path, '/');
    struct buf buf;
    buf_init_fixed(&buf, out, FILE_PATH_MAX_BYTES);
    if (slash == NULL) buf_add_char(&buf, '.');
    else if (slash == path) buf_add_char(&buf, '/');
    else buf_add(&buf, (struct str){path, (size_t)(slash - path)});
    return buf.failed ? file_error(err, path, ENAMETOOLONG) : OK;
}

/* A rename lives in the folder, so the folder is synced too. */
static err_t sync_folder(const char *path, struct err *err)
{
    char folder[FILE_PATH_MAX_BYTES];
    err_t e = folder_of(path, folder, err);
    if (e != OK) return e;
    AUTO(close_at) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) return file_error(err, folder, errno);
    return OK;
}

static err_t beside_open(const char *place, mode_t mode, struct file_beside *out, struct err *err)
{
    struct buf path, kept;
    uint64_t chance;
    random_bytes(&chance, sizeof chance);
    buf_init_fixed(&path, out->path, sizeof out->path);
    buf_init_fixed(&kept, out->place, sizeof out->place);
    buf_printf(&path, "%s.%llx.part", place, (unsigned long long)chance);
    buf_add(&kept, str_of(place));
    if (path.failed || kept.failed) return file_error(err, place, ENAMETOOLONG);
    out->fd = open(out->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    return out->fd < 0 ? file_error(err, place, errno) : OK;
}

err_t file_beside_open(const char *place, struct file_beside *out, struct err *err)
{
    return beside_open(place, 0644, out, err);
}

void file_beside_drop(struct file_beside *beside)
{
    close_at(&beside->fd);
    unlink(beside->path);
}

static err_t beside_place(struct file_beside *beside, bool settle, struct err *err)
{
    err_t e = !settle || fsync(beside->fd) == 0 ? OK : file_error(err, beside->path, errno);
    if (e == OK && rename(beside->path, beside->place) != 0)
        e = file_error(err, beside->place, errno);
    if (e != OK) {
        file_beside_drop(beside);
        return e;
    }
    close_at(&beside->fd);
    return settle ? sync_folder(beside->place, err) : OK;
}

err_t file_beside_place(struct file_beside *beside, struct err *err)
{
    return beside_place(beside, true, err);
}

static err_t write_with(const char *path, struct str content, mode_t mode, bool settle,
                        struct err *err)
{
    struct file_beside beside;
    err_t e = beside_open(path, mode, &beside, err);
    if (e != OK) return e;
    if (write_all(beside.fd, content)) return beside_place(&beside, settle, err);
    e = file_error(err, beside.path, errno);
    file_beside_drop(&beside);
    return e;
}

err_t file_write(const char *path, struct str content, struct err *err)
{
    return write_with(path, content, 0644, true, err);
}

err_t file_write_soon(const char *path, struct str content, struct err *err)
{
    return write_with(path, content, 0644, false, err);
}

err_t folder_settle(const char *path, struct err *err)
{
    AUTO(close_at) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 || syncfs(fd) != 0 ? file_error(err, path, errno) : OK;
}

err_t file_write_secret(const char *path, struct str content, struct err *err)
{
    return write_with(path, content, 0600, true, err);
}

err_t file_write_pieces(const char *path, file_next *next, void *context, struct err *err)
{
    struct file_beside beside;
    err_t e = beside_open(path, 0644, &beside, err);
    if (e != OK) return e;
    struct str piece = S("");
    while ((e = next(context, &piece, err)) == OK && piece.n > 0)
        if (!write_all(beside.fd, piece)) {
            e = file_error(err, beside.path, errno);
            break;
        }
    if (e == OK) return beside_place(&beside, true, err);
    file_beside_drop(&beside);
    return e;
}

bool file_exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

static err_t make_one(const char *path, struct err *err)
{
    if (mkdir(path, 0755) == 0) return OK;
    int failed = errno;
    struct stat status;
    if (failed == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) return OK;
    return file_error(err, path, failed == EEXIST ? ENOTDIR : failed);
}

err_t folder_make(const char *path, struct err *err)
{
    char part[FILE_PATH_MAX_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, part, sizeof part);
    buf_add(&buf, str_of(path));
    if (buf.failed) return file_error(err, path, ENAMETOOLONG);
    for (size_t i = 1; i < buf.n; i++) {
        if (part[i] != '/') continue;
        part[i] = '\0';
        err_t e = file_exists(part) ? OK : make_one(part, err);
        if (e != OK) return e;
        part[i] = '/';
    }
    return make_one(path, err);
}

err_t folder_make_for(const char *path, struct err *err)
{
    char folder[FILE_PATH_MAX_BYTES];
    struct buf copy;
    size_t end = str_of(path).n;
    while (end > 0 && path[end - 1] != '/') end--;
    if (end <= 1) return OK;
    buf_init_fixed(&copy, folder, sizeof folder);
    buf_add(&copy, (struct str){path, end - 1});
    return copy.failed ? file_error(err, path, ENAMETOOLONG) : folder_make(folder, err);
}

static int by_name(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static void close_folder_at(DIR **folder)
{
    if (*folder != NULL) closedir(*folder);
}

err_t folder_list(struct arena *arena, const char *path, size_t max_names, struct str **out_names,
                  size_t *out_count, struct err *err)
{
    AUTO(close_folder_at) DIR *folder = opendir(path);
    if (folder == NULL) return file_error(err, path, errno);
    struct str *names = ARENA_ARRAY(arena, struct str, max_names);
    if (names == NULL) return err_memory(err);
    size_t count = 0;
    const struct dirent *entry;
    while (errno = 0, (entry = readdir(folder)) != NULL) {
        struct str name = str_of(entry->d_name);
        if (str_equal(name, S(".")) || str_equal(name, S(".."))) continue;
        if (count == max_names) {
            err_set(err, E_LIMIT, NULL, "Thư mục có quá nhiều tệp: %s",
                    "The folder holds too many files: %s", path);
            return err_hint(err, "Nhiều nhất %zu tệp; hãy chia nhỏ thư mục",
                            "At most %zu files; split the folder", max_names);
        }
        names[count] = arena_str(arena, name);
        if (names[count++].p == NULL) return err_memory(err);
    }
    if (errno != 0) return file_error(err, path, errno);
    qsort(names, count, sizeof *names, by_name);
    *out_names = names;
    *out_count = count;
    return OK;
}
