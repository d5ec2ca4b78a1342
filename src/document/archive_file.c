/* SPDX-License-Identifier: Apache-2.0 */
#include "document/archive_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"

#define NAMES_BYTES ((size_t)512 << 20)
enum { MEMBER_RIGHTS = 0644, MS_PER_S = 1000, SLOTS_FIRST = 64 };

struct document_archive {
    struct archive *zip;
    struct file_beside beside;
    int64_t made_at_s;
    struct arena names;
    struct str *slots; /* names by hash, open addressing */
    size_t slot_count, count;
};

/* ---- names ------------------------------------------------------------------------------- */

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-' || c == '/';
}

/* No part of the path is empty or begins with a point. */
static bool name_fits(struct str name)
{
    bool begins = true;
    if (name.n == 0 || name.n > ARCHIVE_NAME_MAX_BYTES || name.p[name.n - 1] == '/') return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!is_plain(c) || (begins && (c == '/' || c == '.'))) return false;
        begins = c == '/';
    }
    return true;
}

static err_t refuse_name(struct str name, struct err *err)
{
    struct str shown = str_first(name, ARCHIVE_NAME_MAX_BYTES);
    err_set(err, E_INPUT, "name", "Tên tệp trong gói không hợp lệ: %.*s",
            "A name inside the archive is not valid: %.*s", STR_ARG(shown));
    return err_hint(err, "Chỉ dùng chữ không dấu, chữ số và . _ - /, nhiều nhất %d byte",
                    "Use plain letters, digits and . _ - / only, at most %d bytes",
                    ARCHIVE_NAME_MAX_BYTES);
}

/* FNV-1a. */
static size_t hash_of_name(struct str name)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < name.n; i++) hash = (hash ^ (unsigned char)name.p[i]) * 1099511628211u;
    return (size_t)hash;
}

static struct str *slot_of(struct str *slots, size_t slot_count, struct str name)
{
    size_t at = hash_of_name(name) % slot_count;
    while (slots[at].n > 0 && !str_equal(slots[at], name)) at = (at + 1) % slot_count;
    return &slots[at];
}

static bool widen(struct document_archive *a)
{
    size_t wider = a->slot_count == 0 ? SLOTS_FIRST : a->slot_count * 2;
    struct str *slots = ARENA_ARRAY(&a->names, struct str, wider);
    if (slots == NULL) return false;
    for (size_t i = 0; i < a->slot_count; i++)
        if (a->slots[i].n > 0) *slot_of(slots, wider, a->slots[i]) = a->slots[i];
    a->slots = slots;
    a->slot_count = wider;
    return true;
}

static err_t keep_name(struct document_archive *a, struct str name, struct err *err)
{
    if (a->count == ARCHIVE_MEMBERS_MAX) {
        err_set(err, E_LIMIT, "name", "Gói có quá nhiều tệp", "The archive has too many members");
        return err_hint(err, "Nhiều nhất %d tệp; chia thành nhiều gói",
                        "At most %d members; make several archives", ARCHIVE_MEMBERS_MAX);
    }
    if (2 * (a->count + 1) > a->slot_count && !widen(a)) return err_memory(err);
    struct str *slot = slot_of(a->slots, a->slot_count, name);
    if (slot->n > 0) {
        err_set(err, E_CONFLICT, "name", "Gói đã có tệp tên %.*s",
                "The archive has a member %.*s already", STR_ARG(name));
        return err_hint(err, "Mỗi chứng từ cần một tên riêng",
                        "Give every document a name of its own");
    }
    *slot = arena_str(&a->names, name);
    if (slot->p == NULL) return err_memory(err);
    a->count++;
    return OK;
}

/* ---- the file ---------------------------------------------------------------------------- */

static err_t failed(const struct document_archive *a, struct err *err)
{
    int why = archive_errno(a->zip);
    return file_error(err, a->beside.place, why > 0 ? why : EIO);
}

static void free_all(struct document_archive *a)
{
    arena_release(&a->names);
    memory_give(a, sizeof *a);
}

err_t archive_open(const char *path, int64_t made_at_ms, struct document_archive **out,
                   struct err *err)
{
    struct document_archive *a = memory_take(sizeof *a);
    if (a == NULL) return err_memory(err);
    *a = (struct document_archive){.made_at_s = made_at_ms / MS_PER_S};
    arena_init(&a->names, NAMES_BYTES);
    err_t e = file_beside_open(path, &a->beside, err);
    if (e != OK) {
        free_all(a);
        return e;
    }
    a->zip = archive_write_new();
    if (a->zip == NULL) e = err_memory(err);
    else if (archive_write_set_format_zip(a->zip) != ARCHIVE_OK ||
             archive_write_open_fd(a->zip, a->beside.fd) != ARCHIVE_OK)
        e = failed(a, err);
    if (e == OK) *out = a;
    else archive_drop(a);
    return e;
}

static err_t write_member(struct document_archive *a, struct archive_entry *entry, struct str bytes,
                          struct err *err)
{
    if (archive_write_header(a->zip, entry) != ARCHIVE_OK) return failed(a, err);
    la_ssize_t written = bytes.n == 0 ? 0 : archive_write_data(a->zip, bytes.p, bytes.n);
    if (written < 0 || (size_t)written != bytes.n) return failed(a, err);
    return archive_write_finish_entry(a->zip) == ARCHIVE_OK ? OK : failed(a, err);
}

err_t archive_add(struct document_archive *a, struct str name, struct str bytes, struct err *err)
{
    char text[ARCHIVE_NAME_MAX_BYTES + 1];
    struct buf path;
    if (!name_fits(name)) return refuse_name(name, err);
    err_t e = keep_name(a, name, err);
    if (e != OK) return e;
    buf_init_fixed(&path, text, sizeof text);
    buf_add(&path, name);
    struct archive_entry *entry = archive_entry_new();
    if (entry == NULL) return err_memory(err);
    archive_entry_set_pathname(entry, text);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, MEMBER_RIGHTS);
    archive_entry_set_size(entry, (la_int64_t)bytes.n);
    archive_entry_set_mtime(entry, (time_t)a->made_at_s, 0);
    e = write_member(a, entry, bytes, err);
    archive_entry_free(entry);
    return e;
}

err_t archive_close(struct document_archive *a, struct err *err)
{
    err_t e = archive_write_close(a->zip) == ARCHIVE_OK ? OK : failed(a, err);
    archive_write_free(a->zip);
    if (e == OK) e = file_beside_place(&a->beside, err);
    else file_beside_drop(&a->beside);
    free_all(a);
    return e;
}

void archive_drop(struct document_archive *a)
{
    if (a == NULL) return;
    if (a->zip != NULL) archive_write_free(a->zip);
    file_beside_drop(&a->beside);
    free_all(a);
}
