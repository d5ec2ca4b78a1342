/* SPDX-License-Identifier: Apache-2.0 */
/* Archives: members come back as they went in, the same documents give the same bytes, and what
 * cannot be completed leaves nothing behind. */
#include "support/stores.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "document/archive_file.h"

enum { MADE_AT_S = 1784000000, BYTES_MAX = 1 << 20, PATH_BYTES = 256 };

static struct err err;

static const char *path_in(void **state, const char *name)
{
    static char paths[4][PATH_BYTES];
    static size_t turn;
    char *path = paths[turn++ % 4];
    struct buf buf;
    buf_init_fixed(&buf, path, PATH_BYTES);
    buf_printf(&buf, "%s/out", test_store(state)->folder);
    MUST(folder_make(path, &err));
    buf_printf(&buf, "/%s", name);
    return path;
}

static size_t files_in(void **state)
{
    char path[PATH_BYTES];
    struct buf buf;
    struct arena arena;
    struct str *names;
    size_t count = 0;
    arena_init(&arena, BYTES_MAX);
    buf_init_fixed(&buf, path, sizeof path);
    buf_printf(&buf, "%s/out", test_store(state)->folder);
    MUST(folder_list(&arena, path, 100, &names, &count, &err));
    arena_release(&arena);
    return count;
}

static struct document_archive *begin(const char *path)
{
    struct document_archive *archive;
    MUST(archive_open(path, (int64_t)MADE_AT_S * 1000, &archive, &err));
    return archive;
}

static void make(const char *path)
{
    struct document_archive *archive = begin(path);
    MUST(archive_add(archive, S("statement.xlsx"), S("bảng kê"), &err));
    MUST(archive_add(archive, S("bills/PD0100-26101-17-23-K1.pdf"), (struct str){"a\0b", 3}, &err));
    MUST(archive_add(archive, S("empty.xml"), S(""), &err));
    MUST(archive_close(archive, &err));
}

static void next_is(struct archive *zip, const char *name, struct str bytes)
{
    struct archive_entry *entry;
    char content[64];
    assert_int_equal(archive_read_next_header(zip, &entry), ARCHIVE_OK);
    assert_string_equal(archive_entry_pathname(entry), name);
    assert_int_equal(archive_entry_mtime(entry), MADE_AT_S);
    assert_int_equal(archive_entry_perm(entry), 0644);
    assert_int_equal(archive_read_data(zip, content, sizeof content), bytes.n);
    assert_memory_equal(content, bytes.p, bytes.n);
}

static void members_come_back(void **state)
{
    const char *path = path_in(state, "a.zip");
    struct archive_entry *entry;
    make(path);
    struct archive *zip = archive_read_new();
    archive_read_support_format_zip(zip);
    assert_int_equal(archive_read_open_filename(zip, path, 4096), ARCHIVE_OK);
    next_is(zip, "statement.xlsx", S("bảng kê"));
    next_is(zip, "bills/PD0100-26101-17-23-K1.pdf", (struct str){"a\0b", 3});
    next_is(zip, "empty.xml", S(""));
    assert_int_equal(archive_read_next_header(zip, &entry), ARCHIVE_EOF);
    archive_read_free(zip);
}

static void the_same_documents_give_the_same_bytes(void **state)
{
    const char *first = path_in(state, "a.zip"), *second = path_in(state, "b.zip");
    struct arena arena;
    struct str a, b;
    arena_init(&arena, BYTES_MAX);
    make(first);
    make(second);
    MUST(file_read(&arena, first, BYTES_MAX, &a, &err));
    MUST(file_read(&arena, second, BYTES_MAX, &b, &err));
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.p, b.p, a.n);
    arena_release(&arena);
}

static void refuses(struct document_archive *archive, struct str name, err_t code)
{
    assert_int_equal(archive_add(archive, name, S("x"), &err), code);
    assert_true(err.vi.message[0] != 0 && err.en.message[0] != 0 && err.vi.hint[0] != 0);
}

static void names_lead_nowhere_else(void **state)
{
    static const char *const names[] = {"",   "/etc/passwd", "../a",        "a/../b", "a//b", "a/",
                                        ".a", "a/.b",        "hóa đơn.pdf", "a b",    "a\\b"};
    const char *path = path_in(state, "a.zip");
    char long_name[ARCHIVE_NAME_MAX_BYTES + 1];
    struct document_archive *archive = begin(path);
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) refuses(archive, str_of(names[i]), E_INPUT);
    memset(long_name, 'a', sizeof long_name);
    refuses(archive, (struct str){long_name, sizeof long_name}, E_INPUT);
    MUST(archive_add(archive, (struct str){long_name, ARCHIVE_NAME_MAX_BYTES}, S("x"), &err));
    refuses(archive, (struct str){long_name, ARCHIVE_NAME_MAX_BYTES}, E_CONFLICT);
    archive_drop(archive);
    assert_int_equal(files_in(state), 0);
}

static void many_names_are_told_apart(void **state)
{
    char name[32];
    struct buf text;
    struct document_archive *archive = begin(path_in(state, "a.zip"));
    buf_init_fixed(&text, name, sizeof name);
    for (int i = 0; i < 1000; i++) {
        buf_reset(&text);
        buf_printf(&text, "b/%d.pdf", i);
        MUST(archive_add(archive, buf_str(&text), S("x"), &err));
        refuses(archive, buf_str(&text), E_CONFLICT);
    }
    MUST(archive_close(archive, &err));
    assert_int_equal(files_in(state), 1);
}

static void what_stood_there_stays(void **state)
{
    const char *path = path_in(state, "a.zip");
    struct document_archive *archive;
    struct arena arena;
    struct str content;
    arena_init(&arena, BYTES_MAX);
    MUST(file_write(path, S("before"), &err));
    archive = begin(path);
    MUST(archive_add(archive, S("a"), S("x"), &err));
    archive_drop(archive);
    MUST(file_read(&arena, path, BYTES_MAX, &content, &err));
    assert_memory_equal(content.p, "before", content.n);
    assert_int_equal(archive_open(path_in(state, "none/a.zip"), 0, &archive, &err), E_IO);
    assert_int_equal(files_in(state), 1);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(members_come_back),       ON_SQLITE(the_same_documents_give_the_same_bytes),
        ON_SQLITE(names_lead_nowhere_else), ON_SQLITE(many_names_are_told_apart),
        ON_SQLITE(what_stood_there_stays),
    };
    return run_store_tests("document archive file", tests);
}
