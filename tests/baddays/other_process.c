/* SPDX-License-Identifier: Apache-2.0 */
/* Another process beside the program.
 *
 *   other_process hold TARGET [SQL]   begins to write, says "held" and keeps its transaction open
 *                                     until its standard input ends; then it takes back what it
 *                                     did. SQL: what it does on PostgreSQL, where beginning locks
 *                                     nothing
 *   other_process write TARGET SQL    writes what no command would write */
#include <stdio.h>
#include <unistd.h>

#include "store/store.h"

static void wait_for_the_end(void)
{
    char byte;
    ssize_t size = 1;
    while (size > 0) size = read(STDIN_FILENO, &byte, 1);
}

static err_t hold(struct db *db, const char *sql, struct err *err)
{
    err_t e = db_begin(db, err);
    if (e == OK && sql != NULL && db_engine(db) == DB_POSTGRES) e = db_script(db, str_of(sql), err);
    if (e != OK) return e;
    puts("held");
    fflush(stdout);
    wait_for_the_end();
    db_rollback(db);
    return OK;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct db *db = NULL;
    if (argc < 3) return 2;
    const char *sql = argc > 3 ? argv[3] : NULL;
    err_t e = db_open(str_of(argv[2]), DB_WRITE, &db, &err);
    if (e == OK && str_equal(str_of(argv[1]), S("hold"))) e = hold(db, sql, &err);
    else if (e == OK) e = db_script(db, str_of(sql), &err);
    if (e != OK) fprintf(stderr, "%s\n%s\n", err.en.message, err.en.detail);
    if (db != NULL) db_close(db);
    return e == OK ? 0 : 1;
}
