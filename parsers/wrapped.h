/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Wrapped formats: every wrapper (parsers/wrapper.h) around every format of lines, as formats of
 * their own, named `syslog+mysql_error`.
 *
 * A record is the envelopes of one inner record, so that offsets and evidence are the source's own
 * bytes. The inner format reads the lines taken out of them; its logsource is the wrapped one's.
 * What an envelope says itself becomes the fields wrapper.host, wrapper.program, wrapper.pid and
 * wrapper.stream. The inner stamp wins; the envelope's is taken where the inner line has none.
 * Where the inner one names no zone and stands whole quarters of an hour away from an envelope's
 * that does, the envelope has told the zone.
 *
 * One source may hold several programs. The format's name says the one that most of the first lines
 * are in; a record that is plainly another's (parsers/wrapped_inner.h) is read as that, its event
 * says so (LimnEvent.format), and the rules of that format apply to it.
 */
#include "parsers/wrapper.h"

/* NULL at the end. */
extern const LimnFormat *const limn_wrapped_formats[];

/*
 * The wrapped format of a source that begins with `head`, or NULL. `detect` is asked for what is
 * inside. (parsers/wrapped_detect.c)
 */
const LimnFormat *limn_wrapped_detect(LimnSlice head, bool whole,
                                      const LimnFormat *(*detect)(LimnSlice head, bool whole));

/* The pair's format; NULL: there is none. */
const LimnFormat *limn_wrapped_pair(const LimnWrapper *wrapper, const LimnFormat *inner);

/* Is its wrapper one that needs_inner? */
bool limn_wrapped_is_loose(const LimnFormat *format);

/* LimnFormat.frame (a LimnWrapperMemory is its state) and .parse (LIMN_WRAPPED_STATE) of a pair. */
size_t limn_wrapped_frame(const LimnWrapper *wrapper, const LimnFormat *inner, LimnSlice bytes,
                          bool last, void *state);
int limn_wrapped_parse(const LimnWrapper *wrapper, const LimnFormat *inner, LimnSlice record,
                       LimnParse *parse, LimnEvent *ret);
