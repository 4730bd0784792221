/* SPDX-License-Identifier: Apache-2.0 */
/* limn ingest: files into a case, without concluding anything from them. */
#include <errno.h>

#include "cli/ingest_options.h"

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
        const char *path = limn_cli_get(cli, LIMN_OPT_CASE);
        LimnIngestStats stats = {0};
        LimnCase *c = NULL;
        int r, status;

        if (!path)
                path = "limn.case";
        r = limn_case_open(&c, path, LIMN_CASE_WRITE | LIMN_CASE_CREATE, cli->diag);
        if (r < 0)
                return LIMN_EXIT_UNFINISHED;
        limn_ingest_except(given, path);
        r = limn_ingest(c, rules, &given->options, cli->args, cli->n_args, &stats, cli->diag);
        limn_progress_end(&given->progress);
        limn_case_close(c);
        status = limn_ingest_exit(r, &stats);
        if (r == -EINTR)
                limn_diag_add(cli->diag, &(LimnMessage){
                        .severity = LIMN_DIAG_WARNING, .where = path, .what = "interrupted",
                        .help = "the same command goes on with what is not in the case yet"});
        print_stats(&stats);
        return status;
}

static int run_ingest(LimnCli *cli)
{
        LimnIngestGiven given;
        LimnRules *rules = NULL;
        int r = limn_ingest_given(&given, cli);

        if (r == 0)
                r = limn_rules_given(&rules, cli);
        if (r == 0)
                r = ingest(cli, &given, rules);
        limn_rules_free(rules);
        limn_ingest_given_done(&given);
        return r < 0 ? LIMN_EXIT_UNFINISHED : r;
}

static const LimnOption options[] = {LIMN_OPT_CASE, LIMN_INGEST_OPTION_LIST, _LIMN_OPT_MAX};

const LimnCommand limn_cmd_ingest = {
        .name = "ingest",
        .usage = "PATH...",
        .help = "read files into a case",
        .details =
                "Reads files, folders, compressed files or `-` (standard input) into the case, "
                "with what the rules find in them, and concludes nothing yet: `limn diagnose` "
                "does, or use `limn analyze` for all at once.\n\n"
                "The same file again, also renamed or compressed, is recognised and not read "
                "twice; a file that has grown replaces its earlier state. A run that was stopped "
                "may be repeated: it goes on with what is not in the case yet.",
        .options = options,
        .min_args = 1,
        .max_args = SIZE_MAX,
        .run = run_ingest,
};
