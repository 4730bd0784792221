/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Archive: the bundle's container, tar compressed with zstd.
 *
 * Written so that the same members give the same bytes: no times, no owners, fixed mode, level
 * and order, one thread. Read with suspicion: only what this writer writes is accepted.
 */
#include <stdint.h>

#include "core/diag.h"

typedef struct LimnArchive LimnArchive;

/* Writes into the descriptor, which stays the caller's. `size`: about how much will be added, which
 * decides how hard it is compressed. */
int limn_archive_new(LimnArchive **ret, int fd, uint64_t size, LimnDiag *diag);
/* `read` fills a piece of the member and returns its size, 0 at the end. */
int limn_archive_add(LimnArchive *archive, const char *name, uint64_t size,
                     int64_t (*read)(void *ctx, char *piece, size_t most), void *ctx,
                     LimnDiag *diag);
int limn_archive_end(LimnArchive *archive, LimnDiag *diag);
LimnArchive *limn_archive_free(LimnArchive *archive);

typedef struct LimnArchiveMember {
        const char *name;
        uint64_t size;
        const char *odd; /* what no bundle has: a link, a folder, a time, an owner; or NULL */
} LimnArchiveMember;

/*
 * Reads an archive member by member: `member` at its start (non-zero stops), then `bytes` for
 * its content in pieces. -EINVAL with a message when it is no such archive or is damaged.
 */
int limn_archive_read(const char *path,
                      int (*member)(void *arg, const LimnArchiveMember *member),
                      int (*bytes)(void *arg, LimnSlice bytes), void *arg, LimnDiag *diag);
