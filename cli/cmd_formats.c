/* SPDX-License-Identifier: Apache-2.0 */
/* limn formats: what limn reads, and what each format says of a file. */
#include <errno.h>

#include "cli/cli.h"
#include "core/limits.h"
#include "core/printable.h"
#include "ingest/stream.h"
#include "parsers/registry.h"
#include "parsers/wrapper.h"

static const char *bid_text(LimnBid bid)
{
        switch (bid) {
        case LIMN_BID_NO:
                return "no";
        case LIMN_BID_FALLBACK:
                return "fallback: it is text";
        case LIMN_BID_MAYBE:
                return "maybe: the shape fits, others share it";
        case LIMN_BID_LIKELY:
                return "likely: most lines have its own shape";
        case LIMN_BID_CERTAIN:
                return "certain: names that only this format has";
        }
        return "no";
}

/* How much of a text that no format knows has its place in time all the same. */
static void explain_plain(const LimnFormat *plain, LimnSlice head)
{
        size_t lines = 0, stamped = 0;
        LimnSlice line;

        while (limn_slice_line(&head, &line)) {
                LimnParse parse = {.reference = LIMN_TIME_NONE};
                LimnEvent event = {.time = LIMN_TIME_NONE};
                plain->parse(line, &parse, &event);
                lines++;
                stamped += event.time_raw.p != NULL;
        }
        printf("  no other format fits: kept as plain text; "
               "%zu of its first %zu lines have a time\n",
               stamped, lines);
}

static int explain_head(const char *path, LimnSlice head, bool whole)
{
        LimnFormatBid *bids = calloc(limn_formats_n, sizeof *bids);
        LimnBuf name = LIMN_BUF(64 * 1024);
        const LimnFormat *rival, *format = limn_format_detect(head, whole, &rival);

        if (!bids)
                return -ENOMEM;
        limn_format_bids(head, whole, bids);
        limn_printable(limn_slice_str(path), &name);
        if (!format)
                printf("%s: binary, no format reads it\n", limn_buf_str(&name));
        else if (rival)
                printf("%s: %s, tied with %s; --format decides\n", limn_buf_str(&name),
                       format->name, rival->name);
        else
                printf("%s: %s\n", limn_buf_str(&name), format->name);
        if (format && format != bids[0].format)
                printf("  most lines are envelopes of %.*s; what is inside them was asked for\n",
                       (int)strcspn(format->name, "+"), format->name);
        if (format && strcmp(format->name, "plain") == 0)
                explain_plain(format, head);
        for (size_t i = 0; i < limn_formats_n; i++)
                printf("  %-16s %s\n", bids[i].format->name, bid_text(bids[i].bid));
        limn_buf_done(&name);
        free(bids);
        return 0;
}

static int explain_entry(const LimnEntry *entry, LimnDiag *diag)
{
        char *head = malloc(LIMN_DETECT_BYTES);
        LimnStream *stream = NULL;
        size_t n = 0;
        int r = head ? limn_stream_open(&stream, entry, diag) : -ENOMEM;

        if (r == 0)
                r = limn_stream_next_member(stream, diag);
        if (r == 0)
                r = limn_stream_read(stream, head, LIMN_DETECT_BYTES, &n, diag);
        if (r >= 0)
                r = explain_head(entry->path, limn_slice(head, n), n < LIMN_DETECT_BYTES);
        limn_stream_free(stream);
        free(head);
        return r;
}

static int explain(LimnCli *cli, const char *path)
{
        LimnWalk walk = {0};
        size_t failed = 0;
        int r = limn_walk(&walk, &path, 1, NULL, 0, cli->diag);

        for (size_t i = 0; r == 0 && i < walk.n; i++) {
                r = explain_entry(&walk.at[i], cli->diag);
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

static int run(LimnCli *cli)
{
        const char *path = limn_cli_get(cli, LIMN_OPT_EXPLAIN);

        if (path)
                return explain(cli, path);
        for (size_t i = 0; i < limn_formats_n; i++)
                printf("%-16s %s\n", limn_formats[i]->name, limn_formats[i]->title);
        printf("\nEnvelopes that are opened, as in docker+mysql_error:\n");
#define X(name_) \
        printf("%-16s %s\n", limn_wrapper_##name_.name, limn_wrapper_##name_.title);
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
        .details = "With --explain: what each format says of a file's first bytes. The highest bid "
                   "wins; --format of other commands overrules it.",
        .options = options,
        .min_args = 0,
        .max_args = 0,
        .run = run,
};
