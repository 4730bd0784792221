/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Head of a log line: the stamp, the level, and what programs put around them, in any order:
 * thread and context in brackets, a process id, dashes and bars between. For the logs of JVM, node
 * and Python programs.
 */
#include "core/format.h"

enum { LIMN_HEAD_BRACKETS = 6 };

typedef struct LimnLogHead {
        LimnStamp stamp;
        LimnSlice stamp_raw;
        LimnLevel level;
        LimnSlice level_raw;
        LimnSlice bracket[LIMN_HEAD_BRACKETS]; /* contents, without blanks around them */
        size_t n_brackets;
        LimnSlice name;  /* `- logger -` before the level (Python) */
        bool boxed;      /* the stamp stands in brackets (Kafka, log4js) */
        bool bars;       /* parts are told apart by bars (ActiveMQ) */
        bool dashes;     /* `---` after a process id (Spring Boot) */
        bool jul;        /* java.util.logging: the class follows, the level is on the next line */
        LimnSlice rest;  /* what follows: logger, message */
} LimnLogHead;

/* Without a console's progress bars (`[Stage 3:==>  (3 + 5) / 8]`, carriage returns) before it. */
LimnSlice limn_log_line(LimnSlice line);

/* False: the line has no stamp and level at its start, so it begins no record. */
bool limn_log_head(LimnSlice line, LimnLogHead *ret);

/* `INFO`, `[INFO ]`, `INFO:` at the start: its length, and the word. 0: none. */
size_t limn_log_level(LimnSlice s, LimnLevel *ret, LimnSlice *ret_word);

/* A stamp of these logs at the start; 0: none. A time of day alone gives a stamp without a date. */
size_t limn_log_stamp(LimnSlice s, LimnStamp *ret);

/* A class's full name: letters, digits, dots, and a last part with a capital. */
bool limn_log_is_class(LimnSlice s);

/* The length of `[...]` at the start, brackets within it balanced; 0: none. */
size_t limn_log_bracketed(LimnSlice s);
