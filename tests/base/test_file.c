/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files and folders; every refusal names the path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"

static struct arena arena;
static struct err err;
static char folder[] = "file-test-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return chdir("..") != 0 || rmdir(folder) != 0;
}

static void writes_and_reads_back(void **state)
{
    (void)state;
    struct str out;
    assert_false(file_exists("a"));
    assert_int_equal(file_write("a", S("một\0hai"), &err), OK);
    assert_int_equal(file_read(&arena, "a", 100, &out, &err), OK);
    assert_true(str_equal(out, S("một\0hai")) && out.p[out.n] == '\0');
    assert_int_equal(file_write("a", S(""), &err), OK);
    assert_int_equal(file_read(&arena, "a", 100, &out, &err), OK);
    assert_int_equal(out.n, 0);
    assert_int_equal(unlink("a"), 0);
}

static void many_files_settle_together(void **state)
{
    (void)state;
    struct str out;
    assert_int_equal(file_write_soon("a", S("một"), &err), OK);
    assert_int_equal(file_write_soon("a", S("hai"), &err), OK);
    assert_int_equal(file_read(&arena, "a", 100, &out, &err), OK);
    assert_true(str_equal(out, S("hai")));
    assert_int_equal(folder_settle(".", &err), OK);
    assert_int_equal(unlink("a"), 0);
    assert_int_equal(file_write_soon("none/a", S("x"), &err), E_IO);
    assert_int_equal(folder_settle("none", &err), E_IO);
}

static void secrets_belong_to_their_owner(void **state)
{
    (void)state;
    struct stat status;
    assert_int_equal(file_write("open", S("x"), &err), OK);
    assert_int_equal(file_write_secret("open", S("y"), &err), OK);
    assert_int_equal(stat("open", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(unlink("open"), 0);
}

static err_t count_down(void *context, struct str *out_piece, struct err *e)
{
    int *left = context;
    if (*left < 0) return file_error(e, "source", 5);
    *out_piece = str_sub(S("cba"), (size_t)(3 - *left), *left > 0);
    *left -= *left > 0;
    return OK;
}

static void writes_what_comes_in_pieces(void **state)
{
    (void)state;
    struct str out;
    struct str *names;
    size_t count;
    int left = 3;
    assert_int_equal(file_write_pieces("a", count_down, &left, &err), OK);
    assert_int_equal(file_read(&arena, "a", 100, &out, &err), OK);
    assert_true(str_equal(out, S("cba")));
    left = -1;
    assert_int_equal(file_write_pieces("a", count_down, &left, &err), E_IO);
    assert_int_equal(file_read(&arena, "a", 100, &out, &err), OK);
    assert_true(str_equal(out, S("cba")));
    assert_int_equal(unlink("a"), 0);
    assert_int_equal(folder_list(&arena, ".", 10, &names, &count, &err), OK);
    assert_int_equal(count, 0);
}

static void a_refused_write_leaves_nothing_behind(void **state)
{
    (void)state;
    struct str *names;
    size_t count;
    assert_int_equal(folder_make("taken", &err), OK);
    assert_int_equal(file_write("taken", S("x"), &err), E_IO);
    assert_non_null(strstr(err.en.message, "taken"));
    assert_int_equal(file_write("missing/a", S("x"), &err), E_IO);
    assert_non_null(strstr(err.vi.message, "missing/a"));
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    assert_int_equal(folder_list(&arena, ".", 10, &names, &count, &err), OK);
    assert_int_equal(count, 1);
    assert_int_equal(rmdir("taken"), 0);
}

static void limits_are_told(void **state)
{
    (void)state;
    struct str out = S("kept");
    assert_int_equal(file_write("b", S("12345"), &err), OK);
    assert_int_equal(file_read(&arena, "b", 4, &out, &err), E_LIMIT);
    assert_non_null(strstr(err.en.hint, "4 bytes"));
    assert_true(str_equal(out, S("kept")));
    assert_int_equal(file_read(&arena, "b", 5, &out, &err), OK);
    assert_int_equal(file_read(&arena, "nothing", 5, &out, &err), E_IO);
    assert_int_equal(file_read(&arena, ".", 5, &out, &err), E_IO);
    assert_int_equal(unlink("b"), 0);
}

static void folders_are_made_and_listed(void **state)
{
    (void)state;
    struct str *names = NULL;
    size_t count = 0;
    assert_int_equal(folder_make("x/y/z", &err), OK);
    assert_int_equal(folder_make("x/y/z", &err), OK);
    assert_int_equal(file_write("x/y/b", S("1"), &err), OK);
    assert_int_equal(file_write("x/y/a", S("1"), &err), OK);
    assert_int_equal(folder_make("x/y/a/q", &err), E_IO);
    assert_int_equal(folder_list(&arena, "x/y", 3, &names, &count, &err), OK);
    assert_int_equal(count, 3);
    assert_true(str_equal(names[0], S("a")) && str_equal(names[1], S("b")) &&
                str_equal(names[2], S("z")));
    assert_int_equal(folder_list(&arena, "x/y", 2, &names, &count, &err), E_LIMIT);
    assert_int_equal(folder_list(&arena, "none", 2, &names, &count, &err), E_IO);
    assert_true(unlink("x/y/a") == 0 && unlink("x/y/b") == 0 && rmdir("x/y/z") == 0 &&
                rmdir("x/y") == 0 && rmdir("x") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_and_reads_back),
        cmocka_unit_test(many_files_settle_together),
        cmocka_unit_test(secrets_belong_to_their_owner),
        cmocka_unit_test(writes_what_comes_in_pieces),
        cmocka_unit_test(a_refused_write_leaves_nothing_behind),
        cmocka_unit_test(limits_are_told),
        cmocka_unit_test(folders_are_made_and_listed),
    };
    return cmocka_run_group_tests_name("file", tests, set_up, tear_down);
}
