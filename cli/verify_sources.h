/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The sources of a bundle, held against it by who has them: each is read as `limn analyze` reads
 * it, and the tree of its records is built anew.
 */
#include "cli/cli.h"
#include "reports/bundle.h"

typedef struct LimnVerifySources LimnVerifySources;

/* Reads what --source names, and the map if --map does. An exit status, with messages. *ret NULL:
 * there is no --source. */
int limn_verify_sources_new(LimnVerifySources **ret, LimnCli *cli);
LimnVerifySources *limn_verify_sources_free(LimnVerifySources *sources);

/* For LimnVerifyOptions.source: is it here, and has it that root? 0, LIMN_BUNDLE_BAD with a
 * message, or negative. */
int limn_verify_sources_check(void *sources, const LimnBundleSource *source);
/* How many were found here, and how many of them with a root. */
size_t limn_verify_sources_n(const LimnVerifySources *sources, size_t *ret_trees);
