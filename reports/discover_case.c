/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/discover_case.h"

#include <errno.h>
#include <stdlib.h>

#include "core/ascii.h"
#include "core/vec.h"

#define PIECE (256 * 1024)
#define PIECE_LETTERS_MIN 4 /* of a path: shorter ones are abbreviations that everybody uses */
#define LINE_MAX_BYTES (4 * 1024 * 1024)

/* -- lines of a source ---------------------------------------------------------------------- */

typedef struct Lines {
        LimnBuf held;
        int (*fn)(void *arg, LimnSlice lines);
        void *arg;
} Lines;

static int on_bytes(void *arg, LimnSlice bytes)
{
        Lines *l = arg;
        int r = limn_buf_add(&l->held, bytes);
        if (r < 0 || l->held.n < PIECE)
                return r;
        size_t end = l->held.n;
        while (end > 0 && l->held.p[end - 1] != '\n')
                end--;
        if (end == 0 && l->held.n < LINE_MAX_BYTES)
                return 0;
        end = end ? end : l->held.n;
        r = l->fn(l->arg, limn_slice(l->held.p, end));
        memmove(l->held.p, l->held.p + end, l->held.n - end);
        l->held.n -= end;
        return r;
}

int limn_source_lines(const LimnSourceBytes *bytes, int64_t source,
                      int (*fn)(void *arg, LimnSlice lines), void *arg, LimnDiag *diag)
{
        Lines l = {.held = LIMN_BUF(64u * 1024 * 1024), .fn = fn, .arg = arg};
        int r = bytes->extract(bytes->ctx, source, on_bytes, &l, diag);
        if (r == 0 && l.held.n)
                r = fn(arg, limn_buf_slice(&l.held));
        limn_buf_done(&l.held);
        return r;
}

/* -- the case ------------------------------------------------------------------------------- */

typedef struct Walk {
        LimnDiscover *discover;
        LimnMask *mask;
        struct {
                int64_t *at;
                size_t n, cap;
        } sources;
} Walk;

static int on_field(void *arg, const LimnValue *v, size_t n)
{
        Walk *w = arg;
        return v[1].type == LIMN_VALUE_TEXT ? limn_discover_field(w->mask, v[0].s, v[1].s) : 0;
}

static int on_text(void *arg, const LimnValue *v, size_t n)
{
        Walk *w = arg;
        return limn_discover_text(w->discover, w->mask, v[0].s);
}

/* Folders and files are called after customers and machines: what is no word of ours is a name. */
static int on_path(void *arg, const LimnValue *v, size_t n)
{
        Walk *w = arg;
        LimnSlice path = v[0].s;
        int r = limn_discover_text(w->discover, w->mask, path);
        for (size_t i = 0; r == 0 && i < path.n;) {
                size_t end = i, letters = 0;
                while (end < path.n && limn_ascii_alnum(path.p[end]))
                        letters += limn_ascii_alpha(path.p[end++]);
                LimnSlice piece = limn_slice(path.p + i, end - i);
                if (letters >= PIECE_LETTERS_MIN)
                        r = limn_mask_add_piece(w->mask, piece);
                i = end + 1;
        }
        return r;
}

static int on_source(void *arg, const LimnValue *v, size_t n)
{
        Walk *w = arg;
        if (limn_vec_room(&w->sources) < 0)
                return -ENOMEM;
        w->sources.at[w->sources.n++] = v[0].i;
        return 0;
}

static int names(void *arg, LimnSlice lines)
{
        Walk *w = arg;
        return limn_discover_text(w->discover, w->mask, lines);
}

static int qualified(void *arg, LimnSlice lines)
{
        return limn_discover_qualified(((Walk *)arg)->mask, lines);
}

static int encoded(void *arg, LimnSlice lines)
{
        return limn_mask_add_encoded(((Walk *)arg)->mask, lines);
}

int limn_discover_case(LimnMask *mask, const LimnQuery *query, const LimnSourceBytes *bytes,
                       LimnDiag *diag)
{
        static const struct {
                const char *sql;
                LimnRowFn fn;
        } steps[] = {
                {"SELECT DISTINCT j.key, j.value FROM hit, json_each(hit.fields) j"
                 " WHERE j.type = 'text' ORDER BY 1, 2", on_field},
                {"SELECT DISTINCT key, value FROM instance_key ORDER BY 1, 2", on_field},
                {"SELECT DISTINCT key, value FROM fact ORDER BY 1, 2", on_field},
                {"SELECT text FROM note ORDER BY note_id", on_text},
                {"SELECT path FROM source UNION SELECT path FROM source_name ORDER BY 1", on_path},
                {"SELECT source_id FROM source WHERE complete = 1 ORDER BY sha256, source_id",
                 on_source},
        };
        static int (*const passes[])(void *arg, LimnSlice lines) = {names, qualified, encoded};
        Walk w = {.mask = mask};
        int r = limn_discover_new(&w.discover, diag);
        for (size_t i = 0; r == 0 && i < sizeof steps / sizeof *steps; i++)
                r = query->run(query->ctx, steps[i].sql, NULL, 0, steps[i].fn, &w, diag);
        for (size_t pass = 0; r == 0 && pass < sizeof passes / sizeof *passes; pass++) {
                for (size_t i = 0; r == 0 && bytes && i < w.sources.n; i++)
                        r = limn_source_lines(bytes, w.sources.at[i], passes[pass], &w, diag);
                if (r == 0)
                        r = limn_mask_seal(mask);
        }
        limn_discover_free(w.discover);
        free(w.sources.at);
        return r;
}
