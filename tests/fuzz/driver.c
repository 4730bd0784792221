/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over the files of a folder, in the order of their names, as TAP. */
#include <dirent.h>

#include "tests/fuzz/fuzz.h"

static int visible(const struct dirent *entry)
{
        return entry->d_name[0] != '.';
}

/* An exact copy on the heap: reading past its end is seen. */
static int run(const char *folder, const char *name)
{
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, name);
        FILE *f = fopen(path, "rb");
        if (!f)
                return -1;
        static uint8_t all[1 << 20];
        size_t n = fread(all, 1, sizeof all, f);
        int bad = ferror(f);
        fclose(f);
        uint8_t *copy = malloc(n ? n : 1);
        if (!copy || bad) {
                free(copy);
                return -1;
        }
        memcpy(copy, all, n);
        LLVMFuzzerTestOneInput(copy, n);
        free(copy);
        return 0;
}

int main(int argc, char **argv)
{
        struct dirent **entries = NULL;
        int n = argc == 2 ? scandir(argv[1], &entries, visible, alphasort) : -1, failed = 0;
        if (n <= 0) {
                fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
                return 2;
        }
        printf("1..%d\n", n);
        for (int i = 0; i < n; i++) {
                int r = run(argv[1], entries[i]->d_name);
                failed |= r < 0;
                printf("%s %d - %s\n", r < 0 ? "not ok" : "ok", i + 1, entries[i]->d_name);
                fflush(stdout);
                free(entries[i]);
        }
        free(entries);
        return failed;
}
