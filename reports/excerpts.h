/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The bundle's folders: evidence/ (the cited records with those around them, two files a source:
 * a document with the proofs, and a text for people that is made of it) and config/ (the facts, a
 * file an instance). Text is escaped for a terminal, secrets masked.
 */
#include "core/hash.h"
#include "reports/discover_case.h"
#include "reports/spool.h"
#include "reports/view.h"

typedef struct LimnTree { /* of a source's records; records 0: none was needed */
        uint64_t records;
        char root[LIMN_SHA256_HEX];
} LimnTree;

/* `trees`: one for each of the view's sources, cleared. */
int limn_excerpts(LimnView *view, const LimnReportInput *input, const LimnSourceBytes *bytes,
                  LimnSpool *spool, LimnTree *trees, LimnDiag *diag);
