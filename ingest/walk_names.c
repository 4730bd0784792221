/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/walk_names.h"

#include <errno.h>
#include <stdlib.h>

/* A name as it stands: for people a link's own name says more than what it leads to. */
typedef struct Spelled {
        LimnSlice full; /* real folder, '/', last component as given */
        unsigned taken; /* components of it that the name has */
        bool longer;
} Spelled;

static LimnSlice without_slashes(LimnSlice s)
{
        while (s.n > 1 && s.p[s.n - 1] == '/')
                s.n--;
        return s;
}

static size_t last_slash(LimnSlice s)
{
        size_t i = s.n;

        while (i > 0 && s.p[i - 1] != '/')
                i--;
        return i;
}

/* The real path of the folder that holds `path`, then its last component. */
static LimnSlice spell(LimnSlice path, const char *real, LimnArena *arena)
{
        size_t at = last_slash(path);
        LimnSlice base = limn_slice_from(path, at);
        const char *folder;
        char *holder, *joined;

        if (limn_slice_eq(base, LIMN_S(".")) || limn_slice_eq(base, LIMN_S("..")) || base.n == 0)
                return limn_slice_str(real);
        folder = at ? limn_arena_str(arena, limn_slice_to(path, at)) : ".";
        holder = folder ? realpath(folder, NULL) : NULL;
        if (!holder)
                return path;
        joined = limn_arena_alloc(arena, strlen(holder) + base.n + 2);
        if (joined) {
                size_t n = strlen(holder);

                memcpy(joined, holder, n);
                if (n > 0 && joined[n - 1] != '/')
                        joined[n++] = '/';
                memcpy(joined + n, base.p, base.n);
                path = limn_slice(joined, n + base.n);
        }
        free(holder);
        return path;
}

/* The last `taken` components. */
static LimnSlice tail(const Spelled *s)
{
        size_t at = s->full.n;

        for (unsigned i = 0; i < s->taken && at > 0; i++) {
                if (i > 0)
                        at--;
                at = last_slash(limn_slice_to(s->full, at));
        }
        return at < s->full.n ? limn_slice_from(s->full, at) : s->full;
}

static int by_tail(const void *a, const void *b)
{
        const Spelled *x = *(const Spelled *const *)a, *y = *(const Spelled *const *)b;
        int r = limn_slice_cmp(tail(x), tail(y));

        return r ? r : limn_slice_cmp(x->full, y->full);
}

/* Takes one more component wherever two names are equal and can still differ. */
static bool lengthen(Spelled **order, size_t n)
{
        bool any = false;

        qsort(order, n, sizeof(Spelled *), by_tail);
        for (size_t i = 0, end; i < n; i = end) {
                LimnSlice name = tail(order[i]);

                for (end = i + 1; end < n && limn_slice_eq(tail(order[end]), name); end++)
                        ;
                if (limn_slice_eq(order[i]->full, order[end - 1]->full))
                        continue;
                for (size_t j = i; j < end; j++) {
                        if (tail(order[j]).n >= order[j]->full.n)
                                continue;
                        order[j]->longer = true;
                        any = true;
                }
        }
        for (size_t i = 0; i < n; i++) {
                order[i]->taken += order[i]->longer;
                order[i]->longer = false;
        }
        return any;
}

static int by_real(const void *a, const void *b)
{
        const LimnWalkName *x = *(LimnWalkName *const *)a, *y = *(LimnWalkName *const *)b;
        int r = strcmp(x->real, y->real);

        return r ? r : x < y ? -1 : x > y;
}

/* Marks arguments that lead where one before them did. `order` is room for n pointers. */
static void mark_again(LimnWalkName *names, LimnWalkName **order, size_t n)
{
        for (size_t i = 0; i < n; i++)
                order[i] = &names[i];
        qsort(order, n, sizeof(LimnWalkName *), by_real);
        for (size_t i = 1; i < n; i++)
                order[i]->again = strcmp(order[i - 1]->real, order[i]->real) == 0;
}

int limn_walk_names(LimnWalkName **ret, const char *const *paths, size_t n, LimnArena *arena)
{
        LimnWalkName *names = calloc(n ? n : 1, sizeof(*names));
        Spelled *spelled = calloc(n ? n : 1, sizeof(*spelled));
        void **order = calloc(n ? n : 1, sizeof(*order));
        size_t n_order = 0;
        int r = names && spelled && order ? 0 : -ENOMEM;

        for (size_t i = 0; r == 0 && i < n; i++) {
                LimnSlice path = without_slashes(limn_slice_str(paths[i]));
                char *real = strcmp(paths[i], "-") == 0 ? NULL : realpath(paths[i], NULL);

                names[i].argument = paths[i];
                names[i].real = real ? limn_arena_str(arena, limn_slice_str(real)) : paths[i];
                free(real);
                if (!names[i].real) {
                        r = -ENOMEM;
                        break;
                }
                spelled[i].full = strcmp(paths[i], "-") == 0
                                          ? path
                                          : spell(path, names[i].real, arena);
                spelled[i].taken = 1;
        }
        if (r == 0 && n > 1) {
                mark_again(names, (LimnWalkName **)order, n);
                for (size_t i = 0; i < n; i++)
                        if (!names[i].again)
                                order[n_order++] = &spelled[i];
                while (lengthen((Spelled **)order, n_order))
                        ;
        }
        for (size_t i = 0; r == 0 && i < n; i++) {
                names[i].path = limn_arena_str(arena, tail(&spelled[i]));
                if (!names[i].path)
                        r = -ENOMEM;
        }
        free(order);
        free(spelled);
        if (r < 0)
                free(names);
        else
                *ret = names;
        return r;
}
