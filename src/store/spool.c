/* SPDX-License-Identifier: Apache-2.0 */
#include "store/spool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void spool_init(struct spool *spool)
{
    *spool = (struct spool){0};
    buf_init(&spool->memory, SPOOL_MEMORY_BYTES);
    buf_init(&spool->row, SPOOL_ROW_BYTES_MAX);
}

void spool_release(struct spool *spool)
{
    buf_release(&spool->memory);
    buf_release(&spool->row);
    if (spool->file != NULL) fclose(spool->file);
    spool->file = NULL;
}

static err_t spool_failed(struct err *err)
{
    err_set(err, E_IO, "TMPDIR", "Không ghi hoặc đọc được tệp tạm cho kết quả lớn",
            "The temporary file for a large result cannot be written or read");
    return err_hint(err, "Kiểm tra dung lượng và quyền của thư mục tạm (TMPDIR)",
                    "Check space and permissions of the folder for temporary files (TMPDIR)");
}

/* A file that vanishes when it is closed, however the process ends. */
static FILE *nameless_file(void)
{
    char path[512];
    struct buf buf;
    const char *folder = getenv("TMPDIR");
    buf_init_fixed(&buf, path, sizeof path);
    buf_printf(&buf, "%s/sangden-rows.XXXXXX", folder != NULL && *folder != '\0' ? folder : "/tmp");
    int fd = buf.failed ? -1 : mkostemp(path, O_CLOEXEC);
    if (fd < 0) return NULL;
    (void)unlink(path);
    FILE *file = fdopen(fd, "w+b");
    if (file == NULL) close(fd);
    return file;
}

static void add_bytes(struct buf *buf, const void *bytes, size_t size)
{
    buf_add(buf, (struct str){bytes, size});
}

void row_encode(struct buf *row, const struct value *values, int count)
{
    buf_reset(row);
    for (int i = 0; i < count; i++) {
        unsigned char type = (unsigned char)values[i].type;
        uint64_t n = values[i].str.n;
        add_bytes(row, &type, 1);
        if (type == VALUE_I64) add_bytes(row, &values[i].i64, 8);
        if (type != VALUE_TEXT && type != VALUE_BLOB) continue;
        add_bytes(row, &n, 8);
        buf_add(row, values[i].str);
    }
}

static void decode_row(const char *p, struct value *values, int count)
{
    for (int i = 0; i < count; i++) {
        values[i] = (struct value){.type = (enum value_type)(unsigned char)*p++};
        if (values[i].type == VALUE_NULL) continue;
        uint64_t word;
        memcpy(&word, p, 8);
        p += 8;
        if (values[i].type == VALUE_I64) {
            values[i].i64 = (int64_t)word;
        } else {
            values[i].str = (struct str){p, word};
            p += word;
        }
    }
}

err_t spool_add(struct spool *spool, const struct value *values, int count, struct err *err)
{
    row_encode(&spool->row, values, count);
    if (spool->row.failed) return err_memory(err);
    uint64_t n = spool->row.n;
    bool fits = spool->file == NULL && spool->memory.n + n + 8 <= SPOOL_MEMORY_BYTES;
    if (fits) {
        add_bytes(&spool->memory, &n, 8);
        buf_add(&spool->memory, buf_str(&spool->row));
        if (spool->memory.failed) return err_memory(err);
    } else {
        if (spool->file == NULL) spool->file = nameless_file();
        if (spool->file == NULL || fwrite(&n, 8, 1, spool->file) != 1 ||
            (n > 0 && fwrite(spool->row.p, n, 1, spool->file) != 1))
            return spool_failed(err);
    }
    spool->left++;
    return OK;
}

err_t spool_rewind(struct spool *spool, struct err *err)
{
    spool->position = 0;
    if (spool->file == NULL) return OK;
    return fflush(spool->file) == 0 && fseek(spool->file, 0, SEEK_SET) == 0 ? OK
                                                                           : spool_failed(err);
}

static err_t read_from_file(struct spool *spool, struct err *err)
{
    uint64_t n;
    if (fread(&n, 8, 1, spool->file) != 1) return spool_failed(err);
    char portion[4096];
    buf_reset(&spool->row);
    while (n > 0) {
        size_t want = n < sizeof portion ? n : sizeof portion;
        if (fread(portion, want, 1, spool->file) != 1) return spool_failed(err);
        add_bytes(&spool->row, portion, want);
        n -= want;
    }
    return spool->row.failed ? err_memory(err) : OK;
}

err_t spool_next(struct spool *spool, struct value *values, int count, bool *out_row,
                 struct err *err)
{
    *out_row = false;
    if (spool->left == 0) return OK;
    if (spool->position < spool->memory.n) {
        uint64_t n;
        memcpy(&n, spool->memory.p + spool->position, 8);
        decode_row(spool->memory.p + spool->position + 8, values, count);
        spool->position += 8 + n;
    } else {
        err_t e = read_from_file(spool, err);
        if (e != OK) return e;
        decode_row(spool->row.p, values, count);
    }
    spool->left--;
    *out_row = true;
    return OK;
}
