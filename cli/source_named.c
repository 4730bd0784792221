/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/source_named.h"

#include <fnmatch.h>
#include <string.h>

/* Folders in paths, and archives before their members. */
static bool is_border(char c)
{
        return c == '/' || c == '!';
}

bool limn_source_named(const char *name, const char *path)
{
        const char *base = strpbrk(path, "/!");
        size_t n = strlen(name), all = strlen(path);

        if (n <= all && strcmp(path + all - n, name) == 0 &&
            (n == all || is_border(path[all - n - 1]) || name[0] == '/'))
                return true;
        for (const char *next; base && (next = strpbrk(base + 1, "/!"));)
                base = next;
        return fnmatch(name, path, 0) == 0 || fnmatch(name, base ? base + 1 : path, 0) == 0;
}
