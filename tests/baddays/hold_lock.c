/* SPDX-License-Identifier: Apache-2.0 */
/* Another process that is in the way: begins to write, says "held" and keeps its transaction open
 * until its standard input ends; then it takes back what it did.
 *
 *   hold_lock TARGET [SQL]     SQL: what it does on PostgreSQL, where beginning locks nothing */
#include <stdio.h>
#include <unistd.h>

#include "store/store.h"

static void wait_for_the_end(void)
{
    char byte;
    ssize_t size = 1;
    while (size > 0) size = read(STDIN_FILENO, &byte, 1);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct db *db = NULL;
    if (argc < 2) return 2;
    err_t e = db_open(str_of(argv[1]), DB_WRITE, &db, &err);
    if (e == OK) e = db_begin(db, &err);
    if (e == OK && argc > 2 && db_engine(db) == DB_POSTGRES)
        e = db_script(db, str_of(argv[2]), &err);
    if (e == OK) {
        puts("held");
        fflush(stdout);
        wait_for_the_end();
        db_rollback(db);
    } else {
        fprintf(stderr, "%s\n%s\n", err.en.message, err.en.detail);
    }
    if (db != NULL) db_close(db);
    return e == OK ? 0 : 1;
}
