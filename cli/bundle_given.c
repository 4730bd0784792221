/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/bundle_given.h"

#include "cli/slurp.h"
#include "core/limits.h"
#include "reports/bundle.h"
#include "reports/escape.h"
#include "reports/map.h"

#define TOLD_MAX 12

static int extract(void *ctx, int64_t source, int (*fn)(void *arg, LimnSlice bytes), void *arg,
                   LimnDiag *diag)
{
        return limn_case_extract(ctx, source, fn, arg, diag);
}

/* The classes, and with them the map: read if it is there, else begun. */
static int mask_given(LimnCli *cli, const char *map, LimnMask **ret)
{
        unsigned classes = 0;
        const char *text;
        for (size_t i = 0; (text = limn_cli_nth(cli, LIMN_OPT_REDACT, i)); i++) {
                unsigned more = 0;
                if (limn_mask_classes(text, &more, cli->diag) < 0)
                        return LIMN_EXIT_USAGE;
                classes |= more;
        }
        if (limn_cli_get(cli, LIMN_OPT_MASK))
                classes |= 1u << LIMN_MASK_WORD | 1u << LIMN_MASK_ENCODED;
        if (!classes)
                return LIMN_EXIT_OK;
        int r = limn_map_open(ret, map, classes, false, cli->diag);
        for (size_t i = 0; r == 0 && (text = limn_cli_nth(cli, LIMN_OPT_MASK, i)); i++)
                r = limn_mask_add(*ret, LIMN_MASK_WORD, limn_slice_str(text));
        return r < 0 ? LIMN_EXIT_UNFINISHED : LIMN_EXIT_OK;
}

/* Who packs has to know what the proof does not cover, and has the map. */
static void say_not_provable(LimnCli *cli, const LimnMask *mask)
{
        LimnBuf names = LIMN_BUF(64 * 1024);
        size_t n = 0;
        for (size_t i = 0; mask && i < limn_mask_n(mask); i++) {
                LimnMaskValue v = limn_mask_at(mask, i);
                if (!v.common)
                        continue;
                if (n < TOLD_MAX) {
                        limn_buf_add_str(&names, n ? ", " : "");
                        limn_escape_terminal(v.value, &names);
                }
                n++;
        }
        if (n > TOLD_MAX)
                limn_buf_printf(&names, " and %zu more", n - TOLD_MAX);
        if (n)
                limn_diag_addf(cli->diag,
                               &(LimnMessage){.severity = LIMN_DIAG_NOTE,
                                              .why = "they are words of limn's own, too: masked "
                                                     "where they are quoted, qualified, assigned "
                                                     "or announced, else left",
                                              .help = "read through the bundle for them"},
                               "not proved absent: %s", limn_buf_str(&names));
        limn_buf_done(&names);
}

int limn_bundle_given(LimnCli *cli, LimnCase *c, const LimnReportInput *input, const char *path)
{
        const LimnSourceBytes bytes = {c, extract};
        LimnBundleOptions options = {.bytes = &bytes};
        const char *how = limn_cli_get(cli, LIMN_OPT_EVIDENCE);
        if (how && strcmp(how, "all") != 0 && strcmp(how, "cited") != 0) {
                limn_diag_addf(cli->diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                                         .help = "cited or all"},
                               "--evidence does not know %s", how);
                return LIMN_EXIT_USAGE;
        }
        options.sources = how && strcmp(how, "all") == 0;
        LimnBuf beside = LIMN_BUF(64 * 1024);
        limn_buf_add_str(&beside, path);
        limn_buf_add_str(&beside, ".map");
        const char *map = limn_cli_get(cli, LIMN_OPT_MAP);
        options.map = map ? map : limn_buf_str(&beside);
        LimnBuf pem = LIMN_BUF(64 * 1024);
        const char *key = limn_cli_get(cli, LIMN_OPT_SIGN);
        int status = key && limn_slurp(cli, key, "the key", &pem) < 0
                             ? LIMN_EXIT_UNFINISHED
                             : mask_given(cli, options.map, &options.mask);
        if (key)
                options.sign = limn_buf_slice(&pem);
        if (status == LIMN_EXIT_OK) {
                int r = limn_bundle_write(input, path, &options, cli->diag);
                status = r < 0                   ? LIMN_EXIT_UNFINISHED
                         : r == LIMN_BUNDLE_LEAK ? LIMN_EXIT_UNVERIFIED
                                                 : LIMN_EXIT_OK;
        }
        if (status == LIMN_EXIT_OK)
                say_not_provable(cli, options.mask);
        limn_mask_free(options.mask);
        limn_buf_done(&pem);
        limn_buf_done(&beside);
        return status;
}
