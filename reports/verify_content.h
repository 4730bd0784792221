/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Content: what a bundle's members say, checked as they pass by: excerpts against their roots, the
 * findings document against its schema, the timeline's lines against what Timesketch imports.
 */
#include "reports/excerpt_check.h"

typedef struct LimnContent LimnContent;

typedef struct LimnContentExcerpt {
        const char *member; /* evidence/NN-NAME.proof.json */
        LimnExcerptChecked checked;
} LimnContentExcerpt;

int limn_content_new(LimnContent **ret);
LimnContent *limn_content_free(LimnContent *content);

/* A member begins; its bytes in pieces; it ends. The name outlives the Content. */
void limn_content_begin(LimnContent *content, const char *name);
int limn_content_bytes(LimnContent *content, LimnSlice bytes);
enum { LIMN_CONTENT_BAD = 1 }; /* `why` says in what */
int limn_content_end(LimnContent *content, LimnBuf *why);

/* Those that were sound, in the order they came. */
size_t limn_content_excerpts(const LimnContent *content, const LimnContentExcerpt **ret);
