/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * An index of many strings, private to reports/mask*.c: which of them stands at this place, the
 * longest first? Buckets by their first sixteen bytes (shorter ones by all they have), ASCII
 * case folded; most places are turned away by two bytes, or by four, or as the middle of a word.
 */
#include <stdint.h>

#include "core/buf.h"

typedef struct LimnNeedle {
        LimnSlice text;
        LimnSlice other; /* what it becomes */
        size_t value;    /* whose spelling it is */
        size_t next;     /* in the bucket, shorter ones after longer ones; SIZE_MAX ends */
        bool exact;      /* case counts */
        bool second;     /* gives way to one that is spelled so itself */
        bool strict;     /* an underscore beside it makes another word of it */
        bool common;     /* only in context */
        bool anywhere;   /* unbounded: an encoded form */
} LimnNeedle;

typedef struct LimnNeedles {
        LimnNeedle *at;
        size_t n, cap;
        size_t *buckets;
        size_t n_buckets;
        size_t longest;
        unsigned char *pairs;  /* a bit for each two bytes that one begins with */
        unsigned char *brief;  /* and for those where one has less than four, or just one */
        unsigned char *starts; /* a bit for each way to begin, by four bytes */
        uint32_t lengths;      /* a bit for each length of a key */
        bool anywhere;         /* one may begin within a word */
} LimnNeedles;

/* The slices are not copied. */
int limn_needles_add(LimnNeedles *needles, const LimnNeedle *needle);
int limn_needles_build(LimnNeedles *needles);
/* The longest that stands at text[at], bounds and context heeded; NULL: none. */
const LimnNeedle *limn_needles_find(const LimnNeedles *needles, LimnSlice text, size_t at);
/* The first place from *at on, and before `to`, where one stands; *at is set to it. NULL: none, and
 * *at is `to`. */
const LimnNeedle *limn_needles_next(const LimnNeedles *needles, LimnSlice text, size_t *at,
                                    size_t to);
void limn_needles_done(LimnNeedles *needles);
