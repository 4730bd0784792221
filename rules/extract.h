/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Extract: how the fields of a hit get their values.
 *
 * In this order, the first value wins but for `set`, which always does:
 *   extract   named groups of regexes; a later regex fills what an earlier one left open
 *   capture   values of the event's fields, under the same or another name
 *   set       templates over what there is by then
 *   else      the event's own value of that name, unless a regex was to give it: names that
 *             templates and correlations ask for need no mention
 */
#include "rules/op.h"

typedef struct LimnExtraction {
        struct LimnExtract {
                LimnFieldRef field;
                const LimnRegex *regex;
                const LimnYaml *node;
                uint32_t *slot; /* of each named group: index in the rule's captures */
        } *extracts;
        size_t n_extracts;
        struct LimnCopy {
                LimnFieldRef from;
                LimnSlice as;
                uint32_t slot;
        } *copies;
        size_t n_copies;
        struct LimnSet {
                LimnNamed named;
                uint32_t slot;
        } *sets;
        size_t n_sets;
        LimnFieldRef *fallback; /* of each capture; name.p NULL: none */
} LimnExtraction;

/* Reads the keys extract, capture and set of `limn:` and asks for their names. */
int limn_extraction_load(LimnDetection *detection, LimnRules *rules, const LimnYaml *limn,
                         LimnDiag *diag);
/* Sorts the captures, once all are known, and ties names to places. */
int limn_extraction_finish(LimnDetection *detection, LimnArena *arena);
/* Fills ret (room for n_captures), sorted by name. Values die with event and arena. */
int limn_extraction_run(const LimnDetection *detection, const LimnEvent *event,
                        LimnRegexScratch *scratch, LimnArena *arena, LimnField *ret,
                        size_t *ret_n);

/* Adds a name to the captures of a detection that is being loaded. */
int limn_capture_add(LimnDetection *detection, LimnSlice name, LimnArena *arena);
/* Adds the names that a template asks for. */
int limn_capture_template(LimnDetection *detection, const LimnTemplate *t, LimnArena *arena);
