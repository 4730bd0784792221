/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Envelopes: cut and opened, those inside others too (Docker's JSON within a container runtime's
 * line, syslog within Docker's JSON), so that what is inside all of them comes out.
 */
#include "parsers/wrapper.h"

/* Decoded text of one envelope while records are cut: a piece of Docker's is at most 16 KiB. */
#define LIMN_ENVELOPE_ROOM (64 * 1024)
/* Each envelope around another one needs as much again. */
#define LIMN_ENVELOPE_DEPTH 3

/* As LimnWrapper.cut. */
size_t limn_envelope_cut(const LimnWrapper *wrapper, LimnSlice bytes, bool last);

/*
 * As LimnWrapper.unwrap, line feeds at the end or not. What an inner envelope says itself (time,
 * host, ...) counts for more than what the outer one does.
 */
bool limn_envelope_open(const LimnWrapper *wrapper, LimnSlice bytes, LimnWrapperMemory *memory,
                        LimnRoom *room, LimnWrapped *ret);
