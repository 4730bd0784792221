/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Literal: texts of which at least one stands in every record that a rule can meet.
 *
 * Worked through, for this rule:
 *
 *      detection:
 *        text:
 *          message|contains: ['Start binlog_dump', 'binlog dump thread']
 *        number:
 *          message|re: 'replica_server\((?<id>\d+)\), pos'
 *        other:
 *          user: repl
 *        condition: text and number and not other
 *
 *      and ─┬─ text    or: {start binlog_dump} {binlog dump thread}    lengths 17 and 18
 *           ├─ number  and: {replica_server} { pos}   best: {replica_server}, length 14
 *           └─ not     nothing: what must be absent cannot be looked for
 *
 * An OR needs all of its children's texts, an AND needs only its best child's: here the two texts
 * of `text`, since the shortest of them is longer. A rule that ends without any set
 * (only numbers, lengths below four, `not`) is evaluated on every record of its logsource, and
 * `limn rules check` names it.
 *
 * A text is usable only if it stands in the raw bytes as it is: at least LIMN_LITERAL_MIN bytes of
 * letters, digits, blank, _ . : - and what is not ASCII (those that no format escapes, but as
 * \u00nn, which makes a record a candidate of all rules), and not a value that the parsers make
 * uniform (field.h).
 */
#include "rules/condition.h"

#define LIMN_LITERAL_MIN 4
#define LIMN_LITERAL_MAX 40 /* a longer one is cut: it finds no less */

typedef struct LimnLiterals {
        LimnSlice *at; /* lower case, sorted, each once */
        size_t n;      /* 0: none that is mandatory */
} LimnLiterals;

/* 0 or -ENOMEM. The set lives in the arena. */
int limn_literals_of(LimnLiterals *ret, const LimnCondition *condition, LimnArena *arena);
/* Of a regex pattern; exposed for its test. */
int limn_literals_of_regex(LimnLiterals *ret, LimnSlice pattern, LimnArena *arena);

/* For those two: joins b to a (both must hold something), and keeps the better of two. */
int limn_literals_join(LimnLiterals *a, const LimnLiterals *b, LimnArena *arena);
void limn_literals_better(LimnLiterals *a, const LimnLiterals *b);
bool limn_literal_char(char c);
/* A set of the one text, cut and in lower case; none when it is too short. */
int limn_literals_one(LimnLiterals *ret, LimnSlice text, LimnArena *arena);
