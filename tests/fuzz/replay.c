/* SPDX-License-Identifier: Apache-2.0 */
/* replay FOLDER: gives every file of a corpus to the fuzz target, one TAP case each. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

enum { INPUT_BYTES_MAX = 1 << 20, FILES_MAX = 10000 };

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay(const char *folder, const char *name, int number)
{
    static uint8_t input[INPUT_BYTES_MAX];
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        printf("not ok %d - %s cannot be read\n", number, name);
        return;
    }
    size_t size = fread(input, 1, sizeof input, file);
    fclose(file);
    /* A copy of exactly this size lets AddressSanitizer see a read behind its end. */
    uint8_t *exact = malloc(size > 0 ? size : 1);
    if (exact == NULL) abort();
    memcpy(exact, input, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    printf("ok %d - %s\n", number, name);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct dirent **entries;
    int count = argc == 2 ? scandir(argv[1], &entries, is_input, by_name) : -1;
    if (count <= 0 || count > FILES_MAX) {
        fprintf(stderr, "usage: replay FOLDER (with inputs)\n");
        return 2;
    }
    printf("1..%d\n", count);
    for (int i = 0; i < count; i++) {
        replay(argv[1], entries[i]->d_name, i + 1);
        free(entries[i]);
    }
    free(entries);
    return 0;
}
