/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Decoders: compressed bytes to content, one file a library. Internal to ingest/; readers of
 * content use ingest/stream.h.
 */
#include <stdint.h>
#include <sys/types.h>

#include "core/hash.h"

/* Bytes as they come from the system, or, when `from` is set, from another reader; counted, and
 * hashed when `sha` is set. */
typedef struct LimnInput {
        int fd;
        ssize_t (*from)(void *arg, void *p, size_t n); /* up to n bytes, 0: end, negative errno */
        void *arg;
        LimnSha256 *sha;
        uint64_t size;      /* taken so far */
        char head[512];     /* read ahead to know the compression, given out first */
        size_t head_n, head_at;
} LimnInput;

/* Fills head; what is known of the source's beginning. Negative errno. */
int limn_input_peek(LimnInput *input, LimnSlice *ret_head);
/* Up to n bytes, 0 at the end, negative errno. */
ssize_t limn_input_read(LimnInput *input, void *p, size_t n);

typedef struct LimnDecoder {
        const char *name; /* "gzip" */
        int (*open)(void **ret, LimnInput *input);
        /* Up to n bytes; 0 at the end (*why set: something behind it was left out); negative:
         * broken off, *why says how. */
        ssize_t (*read)(void *self, char *p, size_t n, const char **why);
        void (*free)(void *self);
} LimnDecoder;

extern const LimnDecoder limn_decoder_archive; /* what libarchive knows: bz2, xz, zst, lz4 ... */
extern const LimnDecoder limn_decoder_gzip;
extern const LimnDecoder limn_decoder_utf16;   /* text to UTF-8, by its byte order mark */

/* By the magic bytes at the start; NULL: not compressed. *ret_name: of the compression. */
const LimnDecoder *limn_decoder_find(LimnSlice head, const char **ret_name);
