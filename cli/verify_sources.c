/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verify_sources.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/ingest_options.h"
#include "cli/open_case.h"
#include "core/vec.h"
#include "parsers/registry.h"
#include "reports/escape.h"
#include "reports/leaves.h"
#include "reports/map.h"

typedef struct Have {
        int64_t id;
        char sha256[LIMN_SHA256_HEX];
        LimnBuf format;
} Have;

struct LimnVerifySources {
        LimnCli *cli;
        LimnCase *c; /* in memory */
        LimnMask *mask;
        struct {
                Have *at;
                size_t n, cap;
        } have;
        size_t found, trees;
};

LimnVerifySources *limn_verify_sources_free(LimnVerifySources *s)
{
        if (!s)
                return NULL;
        for (size_t i = 0; i < s->have.n; i++)
                limn_buf_done(&s->have.at[i].format);
        free(s->have.at);
        limn_mask_free(s->mask);
        limn_case_close(s->c);
        free(s);
        return NULL;
}

static int on_source(void *arg, const LimnValue *v, size_t n)
{
        LimnVerifySources *s = arg;
        if (v[1].type != LIMN_VALUE_TEXT || v[1].s.n != LIMN_SHA256_HEX - 1)
                return 0;
        if (limn_vec_room(&s->have) < 0)
                return -ENOMEM;
        Have *have = &s->have.at[s->have.n++];
        *have = (Have){.id = v[0].i, .format = LIMN_BUF(4096)};
        memcpy(have->sha256, v[1].s.p, v[1].s.n);
        return limn_buf_add(&have->format, v[2].s);
}

static int read_all(LimnVerifySources *s)
{
        LimnIngestGiven given;
        LimnIngestStats stats = {0};
        LimnRules *rules = NULL;
        const char **paths = NULL;
        size_t n = limn_cli_count(s->cli, LIMN_OPT_SOURCE);
        int status = limn_ingest_given(&given, s->cli);

        if (status == 0 && !(paths = calloc(n + 1, sizeof *paths)))
                status = -ENOMEM;
        for (size_t i = 0; paths && i < n; i++)
                paths[i] = limn_cli_nth(s->cli, LIMN_OPT_SOURCE, i);
        if (status == 0)
                status = limn_rules_read(&rules, NULL, 0, LIMN_PACK_NONE, s->cli->diag);
        if (status == 0 &&
            (limn_case_open(&s->c, ":memory:", LIMN_CASE_WRITE | LIMN_CASE_CREATE, s->cli->diag) <
                     0 ||
             limn_case_enable_events(s->c, limn_format_find, s->cli->diag) < 0))
                status = LIMN_EXIT_UNFINISHED;
        if (status == 0) {
                int r = limn_ingest(s->c, rules, &given.options, paths, n, &stats, s->cli->diag);
                limn_progress_end(&given.progress);
                status = limn_ingest_exit(r, &stats);
        }
        limn_rules_free(rules);
        free(paths);
        limn_ingest_given_done(&given);
        return status < 0 ? LIMN_EXIT_UNFINISHED : status;
}

int limn_verify_sources_new(LimnVerifySources **ret, LimnCli *cli)
{
        const char *map = limn_cli_get(cli, LIMN_OPT_MAP);

        *ret = NULL;
        if (!limn_cli_get(cli, LIMN_OPT_SOURCE))
                return LIMN_EXIT_OK;
        LimnVerifySources *s = calloc(1, sizeof *s);
        if (!s)
                return LIMN_EXIT_UNFINISHED;
        s->cli = cli;
        int status = map && limn_map_open(&s->mask, map, 0, true, cli->diag) < 0
                             ? LIMN_EXIT_NOTHING
                             : read_all(s);
        if (status == LIMN_EXIT_OK) {
                LimnQuery sql = limn_case_query(s->c);
                if (sql.run(sql.ctx,
                            "SELECT source_id, sha256, format FROM source WHERE complete = 1"
                            " AND superseded_by IS NULL ORDER BY sha256, source_id",
                            NULL, 0, on_source, s, cli->diag) < 0)
                        status = LIMN_EXIT_UNFINISHED;
        }
        if (status == LIMN_EXIT_OK)
                *ret = s;
        else
                limn_verify_sources_free(s);
        return status;
}

static int extract(void *ctx, int64_t source, int (*fn)(void *arg, LimnSlice bytes), void *arg,
                   LimnDiag *diag)
{
        return limn_case_extract(ctx, source, fn, arg, diag);
}

/* 1 when it is that one. */
static int is_it(const LimnVerifySources *s, const Have *have, const LimnBundleSource *source)
{
        LimnSlice plain = limn_slice_str(have->sha256);
        if (!s->mask)
                return limn_slice_eq(plain, source->sha256);
        unsigned char digest[LIMN_SHA256_BYTES];
        char hex[LIMN_SHA256_HEX];
        int r = limn_mask_digest(s->mask, "source", plain, digest);
        if (r < 0)
                return r;
        limn_hex(digest, sizeof digest, hex);
        return limn_slice_eq(limn_slice_str(hex), source->sha256);
}

static int differs(LimnVerifySources *s, const LimnBundleSource *source, const char *why)
{
        LimnBuf path = LIMN_BUF(1 << 20);
        limn_escape_terminal(source->path, &path);
        limn_diag_addf(s->cli->diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR, .where = s->cli->args[0],
                                      .why = why},
                       "%s: its records do not have the root that the bundle states",
                       limn_buf_str(&path));
        limn_buf_done(&path);
        return LIMN_BUNDLE_BAD;
}

static int compare(LimnVerifySources *s, const Have *have, const LimnBundleSource *source)
{
        LimnQuery query = limn_case_query(s->c);
        const LimnSourceBytes bytes = {s->c, extract};
        const LimnLeavesAsk ask = {.query = &query,
                                   .bytes = &bytes,
                                   .source = have->id,
                                   .sha256 = limn_slice_str(have->sha256),
                                   .mask = s->mask};
        LimnLeaves *leaves = NULL;
        char root[LIMN_SHA256_HEX];
        int r = limn_leaves_read(&leaves, &ask, s->cli->diag);
        if (r < 0)
                return r;
        limn_hex(leaves->root, sizeof leaves->root, root);
        bool same = limn_slice_eq(limn_slice_str(root), source->root);
        limn_leaves_free(leaves);
        if (same)
                return 0;
        return differs(s, source,
                       limn_slice_eq(limn_buf_slice(&have->format), source->format)
                               ? "the bundle was changed, or packed by another version of limn"
                               : "it was read as another format there: name it with --format");
}

int limn_verify_sources_check(void *sources, const LimnBundleSource *source)
{
        LimnVerifySources *s = sources;
        for (size_t i = 0; i < s->have.n; i++) {
                int r = is_it(s, &s->have.at[i], source);
                if (r < 0)
                        return r;
                if (r == 0)
                        continue;
                s->found++;
                if (source->records == 0)
                        return 0;
                s->trees++;
                return compare(s, &s->have.at[i], source);
        }
        return 0;
}

size_t limn_verify_sources_n(const LimnVerifySources *s, size_t *ret_trees)
{
        *ret_trees = s->trees;
        return s->found;
}
