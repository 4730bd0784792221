/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/sources.h"

#include <errno.h>
#include <stdlib.h>

#include "core/ascii.h"
#include "core/vec.h"
#include "reports/view_load.h"

#define NAME_MAX_BYTES 90 /* a ustar header holds 100 without tricks */

typedef struct Sources {
        const LimnReportInput *input;
        LimnSpool *spool;
        LimnOut *out;
        struct {
                struct Source {
                        int64_t id;
                        LimnBuf path;
                } *at;
                size_t n, cap;
        } list;
} Sources;

static int on_source(void *arg, const LimnValue *v, size_t n)
{
        Sources *s = arg;
        if (limn_vec_room(&s->list) < 0)
                return -ENOMEM;
        struct Source *source = &s->list.at[s->list.n++];
        *source = (struct Source){.id = v[0].i, .path = LIMN_BUF(1 << 20)};
        return limn_redact(s->input->redact, limn_value_text(&v[1]), &source->path, NULL);
}

/* Folders and names stay: they say what is a replica's and what belongs together. */
static void member_name(char out[NAME_MAX_BYTES + 1], LimnSlice path, size_t number, bool numbered)
{
        int n = snprintf(out, NAME_MAX_BYTES, numbered ? "sources/%zu/" : "sources/", number);
        size_t room = NAME_MAX_BYTES - (size_t)n;
        if (path.n > room)
                path = limn_slice_from(path, path.n - room);
        char before = '/';
        for (size_t i = 0; i < path.n; i++) {
                char c = path.p[i];
                bool fine = limn_ascii_alnum(c) || c == '-' || c == '_' || c == '/' ||
                            (c == '.' && before != '.');
                if (c == '/' && before == '/')
                        continue;
                before = fine ? c : '_';
                out[n++] = before;
        }
        out[n] = '\0';
}

/* One line, or the lines of a private key together. */
static LimnSlice take_unit(LimnSlice *rest)
{
        size_t end = limn_slice_chr(*rest, '\n') + 1;
        LimnSlice line = limn_slice_to(*rest, end);
        if (limn_slice_find(line, LIMN_S("-----BEGIN ")) < line.n) {
                LimnSlice block = limn_slice_to(*rest, LIMN_KEY_BLOCK_MAX);
                size_t close = limn_slice_find(block, LIMN_S("-----END "));
                if (close < block.n)
                        end = close + limn_slice_chr(limn_slice_from(*rest, close), '\n') + 1;
        }
        LimnSlice unit = limn_slice_to(*rest, end);
        *rest = limn_slice_from(*rest, end);
        return unit;
}

static int on_lines(void *arg, LimnSlice lines)
{
        Sources *s = arg;
        int r = 0;
        while (r == 0 && lines.n) {
                r = limn_redact(s->input->redact, take_unit(&lines), &s->out->buf, NULL);
                if (r == 0)
                        r = limn_out_spill(s->out);
        }
        return r;
}

int limn_sources(const LimnReportInput *input, const LimnSourceBytes *bytes, LimnSpool *spool,
                 LimnDiag *diag)
{
        Sources s = {.input = input, .spool = spool};
        int r = input->query->run(input->query->ctx,
                                  "SELECT source_id, path FROM source WHERE complete = 1"
                                  " AND superseded_by IS NULL ORDER BY path, sha256",
                                  NULL, 0, on_source, &s, diag);
        for (size_t i = 0; r == 0 && i < s.list.n; i++) {
                char name[NAME_MAX_BYTES + 1];
                LimnSlice path = limn_buf_slice(&s.list.at[i].path);
                member_name(name, path, i + 1, false);
                if (limn_spool_find(spool, name))
                        member_name(name, path, i + 1, true);
                LimnOut out;
                r = limn_spool_begin(spool, name, &out, diag);
                if (r < 0)
                        break;
                s.out = &out;
                r = limn_source_lines(bytes, s.list.at[i].id, on_lines, &s, diag);
                int e = limn_spool_end(spool, &out, diag);
                r = r < 0 ? r : e;
        }
        for (size_t i = 0; i < s.list.n; i++)
                limn_buf_done(&s.list.at[i].path);
        free(s.list.at);
        return r;
}
