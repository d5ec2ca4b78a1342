/* SPDX-License-Identifier: Apache-2.0 */
/* Fills a store with the bills of the fixture, for tests that call the program itself and for
 * looking at documents: fill_documents TARGET prints name, number and what each bill shows. */
#include <stdio.h>

#include "document/fixture.h"

int main(int argc, char **argv)
{
    struct err err = {0};
    struct db *db = NULL;
    if (argc != 2) return 2;
    err_t e = db_open(str_of(argv[1]), DB_CREATE, &db, &err);
    if (e == OK) e = store_migrate(db, &err);
    if (e == OK) e = store_property_set(db, S("kind"), S("test"), &err);
    if (e == OK) e = documents_make(db, &err);
    if (e != OK) fprintf(stderr, "%s: %s\n%s\n", err.field, err.en.message, err.en.detail);
    for (size_t i = 0; i < document_case_count && e == OK; i++)
        printf("%s\t%s\t%s\n", document_cases[i].name, document_cases[i].number,
               document_cases[i].shows);
    db_close(db);
    return e == OK ? 0 : 1;
}
