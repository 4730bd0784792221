/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What every unit test includes: cmocka with the headers it wants before itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/slice.h"

#define N_OF(array) (sizeof(array) / sizeof *(array))

/* Compares and, when they differ, shows both. */
#define assert_slice(is, want)                                                                   \
        do {                                                                                     \
                LimnSlice is_ = (is);                                                            \
                const char *want_ = (want);                                                      \
                if (!is_.p || !limn_slice_eq(is_, limn_slice_str(want_)))                        \
                        fail_msg("is \"%.*s\", want \"%s\"", LIMN_FMT(is_), want_);              \
        } while (0)
