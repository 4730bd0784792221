/* SPDX-License-Identifier: Apache-2.0 */
/* limn ingest: files into a case, without concluding anything from them. */
#include "cli/ingest_options.h"
#include "cli/open_case.h"

static void print_stats(const LimnIngestStats *s)
{
        printf("%zu sources read, %llu bytes, %llu lines, %llu records, %llu hits\n", s->read,
               (unsigned long long)s->bytes, (unsigned long long)s->lines,
               (unsigned long long)s->records, (unsigned long long)s->hits);
        if (s->known)
                printf("%zu sources were in the case already\n", s->known);
        if (s->grown)
                printf("%zu sources had grown\n", s->grown);
        if (s->skipped)
                printf("%zu files skipped\n", s->skipped);
        if (s->failed + s->truncated)
                printf("%zu files could not be read, or not to their end\n",
                       s->failed + s->truncated);
}

static int ingest(LimnCli *cli, LimnIngestGiven *given, const LimnRules *rules)
{
        const char *path = limn_case_given(cli);
        LimnIngestStats stats = {0};
        LimnCase *c = NULL;

        if (limn_case_open(&c, path, LIMN_CASE_WRITE | LIMN_CASE_CREATE | LIMN_CASE_RENEW,
                           cli->diag) < 0)
                return LIMN_EXIT_UNFINISHED;
        int status = limn_ingest_into(cli, given, rules, c, path, &stats);
        limn_case_close(c);
        print_stats(&stats);
        return status;
}

static int run_ingest(LimnCli *cli)
{
        return limn_ingest_command(cli, ingest);
}

static const LimnOption options[] = {LIMN_OPT_CASE, LIMN_INGEST_OPTION_LIST, _LIMN_OPT_MAX};

const LimnCommand limn_cmd_ingest = {
        .name = "ingest",
        .usage = "PATH...",
        .help = "read files into a case",
        .details =
                "Reads files, folders, archives (tar, zip, 7z), compressed files or `-` (standard "
                "input) into the case, "
                "with what the rules find in them, and concludes nothing yet: `limn diagnose` "
                "does, or use `limn analyze` for all at once.\n\n"
                "The same file again, also renamed or compressed, is recognised and not read "
                "twice; a file that has grown replaces its earlier state. A run that was stopped "
                "may be repeated: it goes on with what is not in the case yet.",
        .options = options,
        .min_args = 1,
        .max_args = SIZE_MAX,
        .args_are = LIMN_ARGS_READ,
        .run = run_ingest,
};
