/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Stream: the content of an entry, decompressed, read in order into the caller's memory.
 *
 * What is compressed or packed is known by its first bytes, never by its name. An archive (tar,
 * zip, 7z; compressed or not; inside another one) gives each of its files as a member, called
 * `archive.tar.gz!inner/path`; anything else is one member. Text in UTF-16 comes out as UTF-8.
 */
#include "core/hash.h"
#include "ingest/walk.h"

typedef struct LimnStream LimnStream;

/* The entry must outlive the stream. -errno with a message. */
int limn_stream_open(LimnStream **ret, const LimnEntry *entry, LimnDiag *diag);
LimnStream *limn_stream_free(LimnStream *stream);

/* To the next member, the first one at first. 0: there is one; 1: there is none. -ENOMEM. What must
 * not be read (links, devices, paths that climb, absurd sizes) is passed over with a message. */
int limn_stream_next_member(LimnStream *stream, LimnDiag *diag);
/* The member's path for people; dies with the member. */
const char *limn_stream_path(const LimnStream *stream);

enum { LIMN_STREAM_TRUNCATED = 1 };
/*
 * Fills p with n bytes; *ret_n is less only at the member's end. LIMN_STREAM_TRUNCATED: the
 * content broke off behind these bytes (damaged or truncated compression, a read error, expansion
 * beyond LIMN_EXPANSION_MAX), with a message the first time. -ENOMEM.
 */
int limn_stream_read(LimnStream *stream, char *p, size_t n, size_t *ret_n, LimnDiag *diag);

/* NULL when the content is what was received; else the compression's or encoding's name. */
const char *limn_stream_compression(const LimnStream *stream);
/* Can the entry be opened again and give the same? Not so for standard input and FIFOs, nor for
 * members, which would have all before them unpacked again. */
bool limn_stream_repeats(const LimnStream *stream);
/* Bytes of the member received so far, as they came; and of the entry, for progress. */
uint64_t limn_stream_received(const LimnStream *stream);
uint64_t limn_stream_taken(const LimnStream *stream);
/* Members passed over, and archives and members that could not be read (to their end). */
size_t limn_stream_refused(const LimnStream *stream);
size_t limn_stream_broken(const LimnStream *stream);
/* SHA-256 of the received bytes, when compressed and read to the end. 0 or -ENOMEM; 1: not
 * compressed, it is that of the content. */
int limn_stream_received_hex(const LimnStream *stream, char ret[LIMN_SHA256_HEX]);
