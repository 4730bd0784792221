/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/frame.h"

#define OPTION(constant, name, letter, argument, repeats, help) \
        {name, letter, argument, repeats, help},
const LimnOptionRow limn_option_rows[] = {
#include "cli/options.list"
};
#undef OPTION

static const LimnOption tool_options[] = {
        LIMN_OPT_COMPLETIONS, LIMN_OPT_HELP, LIMN_OPT_MAN, LIMN_OPT_VERSION, _LIMN_OPT_MAX,
};

const LimnCommand limn_tool = {
        .name = "limn",
        .usage = "COMMAND [OPTIONS] [ARGUMENTS]",
        .help = "find out what went wrong between MySQL and a CDC pipeline",
        .details =
                "limn reads what an incident leaves behind (MySQL error logs, ingestion-gateway "
                "logs, exported pipeline events, configuration snapshots), keeps it in one local "
                "case file, works out what happened, why, and how sure it is, and packs what "
                "support needs into an escalation bundle. It uses no network and never changes "
                "what it reads.",
        .options = tool_options,
};
