/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * TRY: loading goes on behind an error in a rule, so that one run reports every error of a file; no
 * memory ends it at once. The function around it has an int `result` that begins with 0 and that it
 * returns at the end.
 */
#include <errno.h>

#define TRY(expression)                \
        do {                           \
                int e_ = (expression); \
                if (e_ == -ENOMEM)     \
                        return e_;     \
                if (e_ < 0)            \
                        result = e_;   \
        } while (0)
