/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a source in the case already?
 *
 * Sources that begin with the same line are candidates. One of the same content is known; one
 * that is the beginning of ours was an earlier state of it, and ours replaces it (WRITE finds
 * out, while it hashes); one that ours is the beginning of is a later state, and ours says
 * nothing new.
 */
#include <errno.h>
#include <stdlib.h>

#include "cli/ingest_private.h"

#define HASH_BYTES (256 * 1024)

/* A source that is still on its way is no candidate yet: wait until it is. */
static bool await_in_flight(LimnPipeline *p, const char *head)
{
        for (size_t i = 0; i < p->n_in_flight; i++)
                if (strcmp(p->in_flight[i].head, head) == 0 &&
                    p->in_flight[i].final_ticket != UINT64_MAX &&
                    !limn_turnstile_await(&p->write, p->in_flight[i].final_ticket))
                        return false;
        return true;
}

static int add_candidate(void *arg, int64_t id, uint64_t size, LimnSlice sha256)
{
        LimnCandidates *all = arg;
        LimnCandidate *new;

        if (sha256.n + 1 != LIMN_SHA256_HEX)
                return 0;
        if (limn_vec_room(all) < 0)
                return -ENOMEM;
        new = &all->at[all->n++];
        *new = (LimnCandidate){.id = id, .size = size};
        memcpy(new->sha256, sha256.p, sha256.n);
        return 0;
}

/* The whole content of the entry: its size and SHA-256. 1: it cannot be read through. */
static int hash_entry(const LimnEntry *entry, uint64_t *ret_size, char ret[LIMN_SHA256_HEX],
                      bool *truncated, LimnDiag *diag)
{
        LimnSha256 *sha = limn_sha256_new();
        char *bytes = malloc(HASH_BYTES);
        LimnStream *stream = NULL;
        size_t n = HASH_BYTES;
        int r = sha && bytes ? 0 : -ENOMEM;

        *ret_size = 0;
        if (r == 0 && limn_stream_open(&stream, entry, NULL) < 0)
                r = 1; /* said when it is read */
        while (r == 0 && n == HASH_BYTES) {
                r = limn_stream_read(stream, bytes, HASH_BYTES, &n,
                                     *truncated ? NULL : diag);
                if (r >= 0 && limn_sha256_add(sha, limn_slice(bytes, n)) < 0)
                        r = -ENOMEM;
                *ret_size += n;
        }
        /* What breaks off (said once) is a source of its own, by what could be read of it. */
        if (r == LIMN_STREAM_TRUNCATED) {
                *truncated = true;
                r = 0;
        }
        if (r == 0)
                r = limn_sha256_hex(sha, ret);
        limn_stream_free(stream);
        limn_sha256_free(sha);
        free(bytes);
        return r;
}

typedef struct Prefix {
        LimnSha256 *sha;
        uint64_t left;
} Prefix;

static int hash_prefix(void *arg, LimnSlice bytes)
{
        Prefix *prefix = arg;
        LimnSlice take = limn_slice_to(bytes, prefix->left < bytes.n ? (size_t)prefix->left
                                                                     : bytes.n);

        if (limn_sha256_add(prefix->sha, take) < 0)
                return -ENOMEM;
        prefix->left -= take.n;
        return prefix->left == 0; /* 1 stops */
}

/* Are the first `size` bytes of a source in the case those of `hex`? 1 yes, 0 no. */
static int begins_with(LimnPipeline *p, int64_t source, uint64_t size, const char *hex,
                       LimnDiag *diag)
{
        Prefix prefix = {limn_sha256_new(), size};
        char got[LIMN_SHA256_HEX];
        int r = prefix.sha ? limn_case_extract(p->c, source, hash_prefix, &prefix, diag)
                           : -ENOMEM;

        if (r >= 0)
                r = limn_sha256_hex(prefix.sha, got);
        if (r >= 0)
                r = prefix.left == 0 && strcmp(got, hex) == 0;
        limn_sha256_free(prefix.sha);
        return r;
}

typedef struct SayKnown {
        const LimnSourceRun *run;
        const char *relation;
        LimnDiag *diag;
} SayKnown;

static int say_of(void *arg, const LimnValue *values, size_t n)
{
        const SayKnown *say = arg;
        LimnSlice path = n > 0 ? values[0].s : LIMN_NONE;
        LimnBuf why = LIMN_BUF(1 << 16);

        /* The very same file again is no news. */
        if (limn_slice_eq(path, limn_slice_str(say->run->path)))
                return 0;
        limn_buf_printf(&why, "%s %.*s, which is in the case", say->relation, LIMN_FMT(path));
        limn_diag_add(say->diag, &(LimnMessage){.severity = LIMN_DIAG_NOTE, .what = "nothing new",
                                                .where = say->run->path,
                                                .why = limn_buf_str(&why)});
        limn_buf_done(&why);
        return 0;
}

int limn_ingest_say_known(LimnPipeline *p, const LimnSourceRun *run, int64_t source,
                          const char *relation, LimnDiag *diag)
{
        LimnQuery query = limn_case_query(p->c);
        SayKnown say = {run, relation, diag};

        return query.run(query.ctx, "SELECT path FROM source WHERE source_id = :source",
                         &(LimnParam){":source", LIMN_VALUE_OF_INT(source)}, 1, say_of, &say,
                         diag);
}

/* Those that are smaller: WRITE finds out which of them ours extends. By size, rising. */
static int load_older(LimnPipeline *p, LimnSourceRun *run, uint64_t size, LimnDiag *diag)
{
        LimnCandidates *older = &run->older;
        int r = limn_case_source_by_head(p->c, limn_slice_str(run->head), size, true,
                                         add_candidate, older, diag);

        for (size_t i = 0, j = older->n; r == 0 && i + 1 < j; i++) {
                LimnCandidate swap = older->at[i];

                older->at[i] = older->at[--j];
                older->at[j] = swap;
        }
        return r;
}

/* Is a larger one of `all` a later state of the content with this size and digest? 1: yes, and
 * said. */
static int compare_beginning(LimnPipeline *p, const LimnSourceRun *run, const LimnCandidates *all,
                             uint64_t size, const char *hex, LimnDiag *diag)
{
        for (size_t i = 0; size > 0 && i < all->n; i++) {
                if (all->at[i].size <= size)
                        continue;
                int r = begins_with(p, all->at[i].id, size, hex, diag);
                if (r == 0)
                        continue;
                if (r > 0)
                        r = limn_ingest_say_known(p, run, all->at[i].id, "the beginning of", diag);
                return r < 0 ? r : 1;
        }
        return 0;
}

int limn_ingest_known_late(LimnPipeline *p, const LimnSourceRun *run, uint64_t size,
                           const char *sha256, LimnDiag *diag)
{
        LimnCandidates all = {0};
        int64_t known;
        int r = limn_case_source_known(p->c, limn_slice_str(sha256), limn_slice_str(run->path),
                                       &known, diag);

        if (r == 1) {
                r = limn_ingest_say_known(p, run, known, "the same content as", diag);
                return r < 0 ? r : 1;
        }
        if (r < 0 || !run->once)
                return r;
        r = limn_case_source_by_head(p->c, limn_slice_str(run->head), size, false, add_candidate,
                                     &all, diag);
        if (r == 0)
                r = compare_beginning(p, run, &all, size, sha256, diag);
        free(all.at);
        return r;
}

/* The whole content against sources of its size and larger ones. */
static int compare_whole(LimnPipeline *p, LimnSourceRun *run, const LimnEntry *entry,
                         const LimnCandidates *all, bool empty, uint64_t *size, LimnDiag *diag)
{
        char hex[LIMN_SHA256_HEX];
        int64_t source;
        int r = hash_entry(entry, size, hex, &run->truncated, diag);

        if (r)
                return r < 0 ? r : LIMN_SOURCE_NEW;
        r = limn_case_source_known(p->c, limn_slice_str(hex), limn_slice_str(run->path), &source,
                                   diag);
        if (r == 1) {
                r = empty ? 0
                          : limn_ingest_say_known(p, run, source, "the same content as", diag);
                return r < 0 ? r : LIMN_SOURCE_KNOWN;
        }
        if (r < 0)
                return r;
        r = compare_beginning(p, run, all, *size, hex, diag);
        if (r)
                return r < 0 ? r : LIMN_SOURCE_KNOWN;
        return LIMN_SOURCE_NEW;
}

static int compare(LimnPipeline *p, LimnSourceRun *run, const LimnEntry *entry,
                   LimnStream *stream, bool empty, LimnDiag *diag)
{
        LimnCandidates all = {0};
        /* Of compressed content the size is not known before it is read; what can be read but
         * once is compared while it is written. */
        bool plain = !limn_stream_compression(stream), again = limn_stream_repeats(stream);
        uint64_t size = plain && again ? entry->size : 0;
        int r = 0;

        if (again)
                r = limn_case_source_by_head(p->c, limn_slice_str(run->head), size, false,
                                             add_candidate, &all, diag);
        else
                size = UINT64_MAX;
        run->once = !again;
        if (r == 0 && all.n > 0)
                r = compare_whole(p, run, entry, &all, empty, &size, diag);
        if (r == LIMN_SOURCE_NEW)
                r = load_older(p, run, size, diag);
        free(all.at);
        return r;
}

int limn_ingest_known(LimnPipeline *p, LimnSourceRun *run, const LimnEntry *entry,
                      LimnStream *stream, bool empty, LimnDiag *diag)
{
        int r;

        if (!await_in_flight(p, run->head))
                return -ECANCELED;
        pthread_mutex_lock(&p->case_lock);
        r = compare(p, run, entry, stream, empty, diag);
        pthread_mutex_unlock(&p->case_lock);
        return r;
}
