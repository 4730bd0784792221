/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What is inside of envelopes: which format each inner line is in.
 *
 * A source is named for one format, its main one. A line that this one does not own, and that
 * another owns for sure, begins a record of the other.
 */
#include "parsers/wrapper.h"

/* X(with, inner, product, service, steady): what envelopes are opened for, with what the format
 * says. */
#define LIMN_INNERS(X, with)                                \
        X(with, gateway_log, "databricks", "gateway", true) \
        X(with, gc_log, "jvm", "gc", false)                 \
        X(with, json_lines, "databricks", "gateway", true)  \
        X(with, logfmt, "databricks", "gateway", true)      \
        X(with, mysql_audit, "mysql", "general", false)     \
        X(with, mysql_error, "mysql", "error", false)       \
        X(with, mysql_general, "mysql", "general", false)   \
        X(with, mysql_json, "mysql", "error", false)        \
        X(with, mysql_slow, "mysql", "general", false)      \
        X(with, plain, "", "", false)

#define X(with, inner, product, service, steady) extern const LimnFormat limn_format_##inner;
LIMN_INNERS(X, _)
#undef X

/* What is remembered: LIMN_WRAPPED_MEMORY bytes of the envelopes', then the states of the inner
 * formats, each with room for the largest (a test holds that there is). */
enum {
        LIMN_WRAPPED_MEMORY = 64,
        LIMN_INNER_STATE = 64,
#define X(with, inner, product, service, steady) +1
        LIMN_INNERS_N = LIMN_INNERS(X, _),
#undef X
        LIMN_WRAPPED_STATE = LIMN_WRAPPED_MEMORY + LIMN_INNERS_N * LIMN_INNER_STATE,
};

/* Servers that leave the stamp to syslog: the inner line begins with the level, or at once. */
bool limn_inner_is_server(LimnSlice program);

/*
 * The format in which the envelope's text begins a record, or NULL: it begins none. *ret_bare: it
 * does only with the envelope's stamp before it.
 */
const LimnFormat *limn_inner_begins(const LimnFormat *main, const LimnWrapped *wrapped,
                                    bool *ret_bare);

/* Does the text begin a record below one of `open` by the same writer? Objects do not below text:
 * they are what is logged there. */
bool limn_inner_begins_below(const LimnFormat *main, const LimnFormat *open,
                             const LimnWrapped *wrapped);

/* Which of the states is the format's own. */
size_t limn_inner_number(const LimnFormat *inner);
