/* SPDX-License-Identifier: Apache-2.0 */
/* limn search: records that hold a text. */
#include "cli/open_case.h"

/* `contains` looks at the bytes of a whole segment before any of it is parsed. */
static const char search[] =
        "SELECT source, line, strftime('%Y-%m-%dT%H:%M:%fZ', time / 1e6, 'unixepoch') AS time,"
        " level, coalesce(message, record) AS message FROM event WHERE contains = :text";

static int run(LimnCli *cli)
{
        const LimnParam params[] = {{":text", LIMN_VALUE_OF_TEXT(limn_slice_str(cli->args[0]))}};
        LimnCase *c = NULL;
        int status = limn_open_case(&c, cli);

        if (status == LIMN_EXIT_OK)
                status = limn_print_query(cli, c, search, params, 1);
        limn_case_close(c);
        return status;
}

static const LimnOption options[] = {LIMN_OPT_CASE, LIMN_OPT_JSON, _LIMN_OPT_MAX};

const LimnCommand limn_cmd_search = {
        .name = "search",
        .usage = "TEXT",
        .help = "find the records that hold a text",
        .details =
                "Prints each record of the case whose bytes hold TEXT, as it is written, in the "
                "order of sources; its time is as stamped. To narrow it down by time or level, or "
                "to see more of a record, ask for the same with SQL:\n\n"
                "  limn sql \"SELECT * FROM event WHERE contains = 'TEXT' AND level = 'error'\"",
        .options = options,
        .min_args = 1,
        .max_args = 1,
        .run = run,
};
