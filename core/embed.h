/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Files built into the program by dev/embed.py: an array of these and its length. */
#include <stddef.h>

#include "core/slice.h"

typedef struct LimnEmbedded {
        const char *path; /* from the script's --root on, slashes forward */
        LimnSlice text;   /* a NUL follows that n does not count */
        LimnSlice tree;   /* its YAML, frozen (core/yaml.h); p NULL: not */
} LimnEmbedded;
