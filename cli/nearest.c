/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "did you mean": the optimal string alignment distance (insert, delete, replace, swap two
 * neighbours), at most a third of the word, a shared beginning counting as close.
 */
#include <stdint.h>

#include "cli/frame.h"

enum { WORD_MAX = 40 };

static size_t smaller(size_t a, size_t b)
{
        return a < b ? a : b;
}

static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
        size_t d[WORD_MAX + 1][WORD_MAX + 1];

        for (size_t i = 0; i <= na; i++)
                d[i][0] = i;
        for (size_t j = 0; j <= nb; j++)
                d[0][j] = j;
        for (size_t i = 1; i <= na; i++)
                for (size_t j = 1; j <= nb; j++) {
                        size_t cost = a[i - 1] != b[j - 1];

                        d[i][j] = smaller(smaller(d[i - 1][j], d[i][j - 1]) + 1,
                                          d[i - 1][j - 1] + cost);
                        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                                d[i][j] = smaller(d[i][j], d[i - 2][j - 2] + 1);
                }
        return d[na][nb];
}

const char *limn_nearest(const char *word, const char *const *words)
{
        size_t n = strlen(word), best = SIZE_MAX;
        const char *nearest = NULL;

        if (n == 0 || n > WORD_MAX)
                return NULL;
        for (size_t i = 0; words[i]; i++) {
                size_t m = strlen(words[i]), d;

                if (m > WORD_MAX)
                        continue;
                if (n >= 3 && strncmp(word, words[i], n) == 0)
                        d = 1;
                else
                        d = distance(word, n, words[i], m);
                if (d <= (n < 4 ? 1 : n / 3) && d < best) {
                        best = d;
                        nearest = words[i];
                }
        }
        return nearest;
}
