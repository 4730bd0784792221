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
 */
#include "parsers/wrapper.h"

/* NULL at the end. */
extern const LimnFormat *const limn_wrapped_formats[];

/*
 * The wrapped format of a source that begins with `head`, or NULL. `detect` is asked for what is
 * inside.
 */
const LimnFormat *limn_wrapped_detect(LimnSlice head, bool whole,
                                      const LimnFormat *(*detect)(LimnSlice head, bool whole));
