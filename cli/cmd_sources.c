/* SPDX-License-Identifier: Apache-2.0 */
/* limn sources: what was read into a case. */
#include "cli/open_case.h"

/* Bytes: parsed + continuation + unparsed + skipped. */
static const char sources[] =
        "SELECT s.source_id AS id, s.path, s.format, s.records,"
        " strftime('%Y-%m-%dT%H:%M:%SZ', s.first_time / 1000000, 'unixepoch') AS \"from\","
        " strftime('%Y-%m-%dT%H:%M:%SZ', s.last_time / 1000000, 'unixepoch') AS \"to\","
        " s.zone, s.size AS bytes, l.parsed, l.continuation, l.unparsed, l.skipped,"
        " rtrim(iif(s.complete, '', 'incomplete, ')"
        "       || iif(s.truncated, 'broke off, ', '')"
        "       || coalesce('replaced by ' || s.superseded_by || ', ', '')"
        "       || coalesce('or ' || s.format_rival || ', ', '')"
        "       || coalesce('also ' || (SELECT group_concat(n.path, ' and ') FROM source_name n"
        "                                WHERE n.source_id = s.source_id), ''), ', ') AS note"
        " FROM source s LEFT JOIN ledger l USING (source_id) ORDER BY s.source_id";

static int run(LimnCli *cli)
{
        LimnCase *c = NULL;
        int status = limn_open_case(&c, cli);

        if (status == LIMN_EXIT_OK)
                status = limn_print_query(cli, c, sources, NULL, 0);
        limn_case_close(c);
        return status;
}

static const LimnOption options[] = {LIMN_OPT_CASE, LIMN_OPT_JSON, _LIMN_OPT_MAX};

const LimnCommand limn_cmd_sources = {
        .name = "sources",
        .usage = "",
        .help = "list what was read into a case",
        .details =
                "One row a source: its format, records, the times it covers as stamped (read as UTC "
                "where no zone is stated or given), and where its bytes went: understood, lines "
                "that continue a record, not understood, left out by --since and --until. The "
                "four add up to its bytes.",
        .options = options,
        .min_args = 0,
        .max_args = 0,
        .run = run,
};
