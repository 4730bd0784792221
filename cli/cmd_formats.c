/* SPDX-License-Identifier: Apache-2.0 */
/* limn formats: what limn reads, and what each format says of a file. */
#include <errno.h>

#include "cli/cli.h"
#include "cli/formats_explain.h"
#include "parsers/registry.h"
#include "parsers/wrapper.h"

static int explain(LimnCli *cli, const char *path)
{
        LimnWalk walk = {0};
        size_t failed = 0;
        int r = limn_walk(&walk, &path, 1, NULL, 0, cli->diag);

        for (size_t i = 0; r == 0 && i < walk.n; i++) {
                r = limn_formats_explain(&walk.at[i], cli->diag);
                if (r < 0 && r != -ENOMEM) {
                        failed++;
                        r = 0;
                }
        }
        failed += walk.failed;
        size_t n = walk.n;
        limn_walk_done(&walk);
        if (r < 0)
                return r;
        return failed == 0 ? LIMN_EXIT_OK : failed < n ? LIMN_EXIT_PARTIAL : LIMN_EXIT_NOTHING;
}

/* What each format and envelope covers (parsers/dialects.list). */
static const struct {
        const char *of, *what;
} dialects[] = {
#define DIALECT(of, what, samples) {#of, what},
#include "parsers/dialects.list"
#undef DIALECT
};

static void list_one(const char *name, const char *title)
{
        printf("%-16s %s\n", name, title);
        for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++)
                if (strcmp(dialects[i].of, name) == 0)
                        printf("%-18s - %s\n", "", dialects[i].what);
}

static int run(LimnCli *cli)
{
        const char *path = limn_cli_get(cli, LIMN_OPT_EXPLAIN);

        if (path)
                return explain(cli, path);
        for (size_t i = 0; i < limn_formats_n; i++)
                list_one(limn_formats[i]->name, limn_formats[i]->title);
        printf("\nEnvelopes that are opened, as in docker+mysql_error:\n");
#define X(name_) list_one(limn_wrapper_##name_.name, limn_wrapper_##name_.title);
        LIMN_WRAPPERS(X)
#undef X
        return LIMN_EXIT_OK;
}

static const LimnOption options[] = {
        LIMN_OPT_EXPLAIN, _LIMN_OPT_MAX,
};

const LimnCommand limn_cmd_formats = {
        .name = "formats",
        .usage = "",
        .help = "list the formats that limn reads",
        .details = "Below each format and envelope stands what it covers.\n\n"
                   "With --explain: the format that a file (or each member of an archive) is taken "
                   "for, what comes out of its first 64 KiB, the first line that is not understood, "
                   "and what each format bid. The highest bid wins; --format of other commands "
                   "overrules it.",
        .options = options,
        .min_args = 0,
        .max_args = 0,
        .run = run,
};
