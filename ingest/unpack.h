/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Unpack: the members of an archive (tar, zip, 7z), one after another, read only. Internal to
 * ingest/; readers of content use ingest/stream.h.
 */
#include "ingest/decode.h"

typedef struct LimnUnpack LimnUnpack;

/* "tar", "zip", "7z" by the first bytes of what is not compressed (any more); NULL: none. */
const char *limn_unpack_kind(LimnSlice head);

/* The input must outlive it. `seekable`: its fd is a file at its beginning, nothing read of it. */
int limn_unpack_open(LimnUnpack **ret, LimnInput *input, const char *kind, bool seekable,
                     const char **why);
LimnUnpack *limn_unpack_free(LimnUnpack *u);

typedef struct LimnMember {
        const char *name;    /* until the next one; without `./` before it */
        const char *refused; /* why it must not be read; NULL: it may */
        bool folder;
} LimnMember;

/* 0: there is one; 1: there is none; -EBADMSG: the archive is damaged, *why says how; -ENOMEM. */
int limn_unpack_next(LimnUnpack *u, LimnMember *ret, const char **why);
/* Of the member: up to n bytes, 0 at its end, negative: *why says what is wrong. */
ssize_t limn_unpack_read(LimnUnpack *u, void *p, size_t n, const char **why);
