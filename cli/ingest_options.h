/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the command line says about reading: shared by the commands that ingest. */
#include "cli/cli.h"
#include "cli/pipeline.h"
#include "cli/progress.h"

/* In the order of cli/options.list; for LimnCommand.options. */
#define LIMN_INGEST_OPTION_LIST                                                                  \
        LIMN_OPT_FORMAT, LIMN_OPT_JOBS, LIMN_OPT_REFERENCE_TIME, LIMN_OPT_RULES, LIMN_OPT_SINCE, \
                LIMN_OPT_TZ, LIMN_OPT_UNTIL

typedef struct LimnIngestGiven {
        LimnIngestOptions options; /* points into the rest */
        LimnZonesGiven zones;
        LimnFileId except[8];
        LimnProgress progress;
} LimnIngestGiven;

/* 0; an exit status, with a message; -ENOMEM. *ret may be given to _done either way, and must not
 * move in between. Also catches signals (cli/stop.h). */
int limn_ingest_given(LimnIngestGiven *ret, const LimnCli *cli);
void limn_ingest_given_done(LimnIngestGiven *given);

/* A file of ours, which is no input when it lies in a folder that is read; with what SQLite keeps
 * beside it. Call once it exists. NULL and missing files are ignored. */
void limn_ingest_except(LimnIngestGiven *given, const char *path);

/* Reads options and rules, then runs a command with them. An exit status. */
int limn_ingest_command(LimnCli *cli,
                        int (*run)(LimnCli *cli, LimnIngestGiven *given, const LimnRules *rules));
/* Reads the arguments into the case, which lies at the path. An exit status, with messages. */
int limn_ingest_into(LimnCli *cli, LimnIngestGiven *given, const LimnRules *rules, LimnCase *c,
                     const char *path, LimnIngestStats *ret);

typedef enum LimnPackUse {
        LIMN_PACK_NONE,
        LIMN_PACK_ALL,
        /* But for what was built from the given files; its paths begin with the prefix. */
        LIMN_PACK_BESIDE,
} LimnPackUse;
#define LIMN_PACK_PREFIX "built-in "
/* The rules of files and folders, and the pack. 0; an exit status, with messages; -ENOMEM. */
int limn_rules_read(LimnRules **ret, const char *const *paths, size_t n, LimnPackUse use,
                    LimnDiag *diag);

/* The pack and what --rules adds to it. 0; an exit status, with messages; -ENOMEM. */
int limn_rules_given(LimnRules **ret, const LimnCli *cli);
