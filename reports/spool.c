/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/spool.h"

#include <errno.h>
#include <unistd.h>

#include "core/vec.h"
#include "reports/file.h"

#define NAMES_MAX (16 * 1024 * 1024)

int limn_spool_init(LimnSpool *spool, const char *path, LimnDiag *diag)
{
        *spool = (LimnSpool){.fd = -1};
        spool->arena = limn_arena_new(NAMES_MAX);
        if (!spool->arena)
                return -ENOMEM;
        int fd = limn_file_scratch(path, diag);
        if (fd < 0)
                return fd;
        spool->fd = fd;
        return 0;
}

void limn_spool_done(LimnSpool *spool)
{
        if (spool->fd >= 0)
                close(spool->fd);
        limn_sha256_free(spool->sha);
        limn_arena_free(spool->arena);
        free(spool->at);
        *spool = (LimnSpool){.fd = -1};
}

static int sink(void *ctx, LimnSlice bytes)
{
        LimnSpool *spool = ctx;
        int r = limn_sha256_add(spool->sha, bytes);
        if (r == 0)
                r = limn_out_sink_fd(&spool->fd, bytes);
        if (r == 0)
                spool->end += bytes.n;
        return r;
}

int limn_spool_begin(LimnSpool *spool, const char *name, LimnOut *ret_out, LimnDiag *diag)
{
        if (spool->n == LIMN_BUNDLE_MEMBERS_MAX) {
                limn_diag_addf(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR, .where = name},
                               "a bundle cannot have more than %d members",
                               LIMN_BUNDLE_MEMBERS_MAX);
                return -E2BIG;
        }
        char *kept = limn_arena_str(spool->arena, limn_slice_str(name));
        limn_sha256_free(spool->sha);
        spool->sha = limn_sha256_new();
        if (!kept || !spool->sha || limn_vec_room(spool) < 0)
                return -ENOMEM;
        spool->at[spool->n++] = (LimnMember){.name = kept, .offset = spool->end};
        *ret_out = LIMN_OUT(sink, spool);
        return 0;
}

int limn_spool_end(LimnSpool *spool, LimnOut *out, LimnDiag *diag)
{
        int r = limn_out_end(out, diag);
        limn_out_done(out);
        LimnMember *member = &spool->at[spool->n - 1];
        member->size = spool->end - member->offset;
        return r < 0 ? r : limn_sha256_hex(spool->sha, member->sha256);
}

int limn_spool_report(LimnSpool *spool, const char *name, const LimnReporter *reporter,
                      const LimnReportInput *input, LimnDiag *diag)
{
        LimnOut out;
        int r = limn_spool_begin(spool, name, &out, diag);
        if (r < 0)
                return r;
        r = reporter->write(input, &out, diag);
        int e = limn_spool_end(spool, &out, diag);
        return r < 0 ? r : e;
}

const LimnMember *limn_spool_find(const LimnSpool *spool, const char *name)
{
        for (size_t i = 0; i < spool->n; i++)
                if (strcmp(spool->at[i].name, name) == 0)
                        return &spool->at[i];
        return NULL;
}

int64_t limn_spool_read(void *ctx, char *piece, size_t most)
{
        LimnSpoolReader *reader = ctx;
        ssize_t n;
        do
                n = pread(reader->spool->fd, piece, most, (off_t)reader->offset);
        while (n < 0 && errno == EINTR);
        if (n < 0)
                return -errno;
        reader->offset += (uint64_t)n;
        return n;
}
