/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Fuzz targets: one LLVMFuzzerTestOneInput a file, which aborts when a promise of a header is
 * broken. Built twice: with driver.c as a test over the files of corpus/<target>/, and, with
 * -Dfuzz=true and clang, as a libFuzzer binary.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/slice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(condition)                                                                       \
        do {                                                                                     \
                if (!(condition)) {                                                              \
                        fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);  \
                        abort();                                                                 \
                }                                                                                \
        } while (0)

/* Every byte is read, so that the sanitizers see what the slice really covers. */
static inline unsigned fuzz_touch(LimnSlice s)
{
        unsigned sum = 0;
        for (size_t i = 0; i < s.n; i++)
                sum += (unsigned char)s.p[i];
        return sum;
}

static inline bool fuzz_inside(LimnSlice part, LimnSlice whole)
{
        return part.p >= whole.p && part.p + part.n <= whole.p + whole.n;
}
