/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Spool: a bundle's members while they are made. Their bytes go to one nameless file, so that a
 * bundle of any size needs little memory; names, sizes and SHA-256 stay here.
 */
#include "core/arena.h"
#include "core/hash.h"
#include "reports/report.h"

typedef struct LimnMember {
        const char *name;
        uint64_t offset, size;
        char sha256[LIMN_SHA256_HEX];
} LimnMember;

typedef struct LimnSpool {
        int fd; /* owned */
        LimnArena *arena;
        LimnMember *at; /* in the order they were made */
        size_t n, cap;
        uint64_t end;
        LimnSha256 *sha; /* of the member being written */
} LimnSpool;

/* `path`: beside it the scratch file is made. */
int limn_spool_init(LimnSpool *spool, const char *path, LimnDiag *diag);
void limn_spool_done(LimnSpool *spool);

/* A member: begin, write to the Out, end. One at a time. The name is copied. */
int limn_spool_begin(LimnSpool *spool, const char *name, LimnOut *ret_out, LimnDiag *diag);
int limn_spool_end(LimnSpool *spool, LimnOut *out, LimnDiag *diag);
int limn_spool_report(LimnSpool *spool, const char *name, const LimnReporter *reporter,
                      const LimnReportInput *input, LimnDiag *diag);
const LimnMember *limn_spool_find(const LimnSpool *spool, const char *name);
/* For limn_archive_add(): the bytes of a member from where it stands. */
typedef struct LimnSpoolReader {
        const LimnSpool *spool;
        uint64_t offset;
} LimnSpoolReader;
int64_t limn_spool_read(void *reader, char *piece, size_t most);
