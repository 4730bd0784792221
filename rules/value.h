/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Value: a Sigma string as a list of tokens, and how it is compared with an event's value.
 *
 * A Sigma string is never turned into a regular expression: that is how anchors get lost. It is
 * cut once into tokens (a byte, or one of the wildcards below) and compared by walking them.
 * Letters are compared without their case unless the pattern is cased; only ASCII is folded.
 */
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"

/* Below 256: that byte. */
typedef uint16_t LimnToken;
enum {
        LIMN_TOKEN_STAR = 256, /* any run of characters */
        LIMN_TOKEN_ONE = 257,  /* exactly one character (a UTF-8 sequence counts as one) */
        LIMN_TOKEN_DASH = 258, /* -, /, en dash, em dash, horizontal bar (windash) */
};

typedef struct LimnText {
        const LimnToken *at;
        size_t n;
} LimnText;

/* Wildcards * and ?; \*, \? and \\ are the characters, any other backslash stands for itself. */
int limn_text_parse(LimnText *ret, LimnSlice s, LimnArena *arena);
/* Every byte is itself. */
int limn_text_literal(LimnText *ret, LimnSlice s, LimnArena *arena);
/* STAR before and behind, where asked for and not there yet. */
int limn_text_open(LimnText *text, bool before, bool behind, LimnArena *arena);
/* The bytes, when no token is a wildcard; else p NULL. Also p NULL when memory ran out. */
LimnSlice limn_text_bytes(const LimnText *text, LimnArena *arena);
bool limn_text_wild(const LimnText *text);

/* A text made ready for comparing: the common shapes need no token walk. */
typedef struct LimnPattern {
        enum LimnShape {
                LIMN_SHAPE_EQUALS,
                LIMN_SHAPE_STARTS,
                LIMN_SHAPE_ENDS,
                LIMN_SHAPE_CONTAINS,
                LIMN_SHAPE_WILD,
        } shape;
        bool cased;
        LimnSlice literal; /* of all shapes but WILD */
        LimnText text;     /* of all; also for the prefilter */
} LimnPattern;

int limn_pattern_compile(LimnPattern *ret, const LimnText *text, bool cased, LimnArena *arena);
bool limn_pattern_match(const LimnPattern *pattern, LimnSlice value);

/* Whole numbers that fit are compared exactly, others as doubles. */
typedef struct LimnNumber {
        bool whole;
        int64_t i; /* when whole */
        double d;  /* always */
} LimnNumber;

#define LIMN_NUMBER_OF(integer) ((LimnNumber){true, (integer), (double)(integer)})
/* A decimal number, all of `s`: digits, sign, fraction, exponent. No locale, no hex, no nan. */
bool limn_number(LimnSlice s, LimnNumber *ret);
int limn_number_cmp(const LimnNumber *a, const LimnNumber *b); /* <0, 0, >0 */
