/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"
#include "ingest/decode.h"

struct LimnStream {
        const LimnEntry *entry;
        LimnInput input;
        const LimnDecoder *decoder; /* NULL: plain */
        const char *compression;
        void *decoding;
        uint64_t out; /* bytes of content given */
        unsigned member;
        bool ended, truncated;
};

static int cannot(const LimnEntry *entry, int error, LimnDiag *diag)
{
        limn_diag_add(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR, .what = "cannot read",
                                           .where = entry->path, .why = strerror(-error)});
        return error;
}

static int open_entry(const LimnEntry *entry)
{
        int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY;
        struct stat st;
        int fd;

        if (entry->kind == LIMN_ENTRY_STDIN) {
                fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
                return fd < 0 ? -errno : fd;
        }
        /* A file may have been replaced since it was listed: by a link, or by a FIFO that would
         * have us wait for ever. */
        if (entry->kind == LIMN_ENTRY_FILE)
                flags |= O_NOFOLLOW | O_NONBLOCK;
        fd = open(entry->open_path, flags);
        if (fd < 0)
                return -errno;
        if (entry->kind == LIMN_ENTRY_FILE && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
                close(fd);
                return -ESTALE;
        }
        posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
        return fd;
}

int limn_stream_open(LimnStream **ret, const LimnEntry *entry, LimnDiag *diag)
{
        LimnStream *s = calloc(1, sizeof(*s));
        LimnSlice head;
        int r;

        if (!s)
                return -ENOMEM;
        s->entry = entry;
        s->input.fd = open_entry(entry);
        r = s->input.fd < 0 ? s->input.fd : limn_input_peek(&s->input, &head);
        if (r < 0) {
                limn_stream_free(s);
                return cannot(entry, r, diag);
        }
        s->decoder = limn_decoder_find(head, &s->compression);
        if (s->decoder) {
                s->input.sha = limn_sha256_new();
                r = s->input.sha ? s->decoder->open(&s->decoding, &s->input) : -ENOMEM;
                if (r < 0) {
                        limn_stream_free(s);
                        return cannot(entry, r, diag);
                }
        }
        *ret = s;
        return 0;
}

LimnStream *limn_stream_free(LimnStream *s)
{
        if (!s)
                return NULL;
        if (s->decoding)
                s->decoder->free(s->decoding);
        limn_sha256_free(s->input.sha);
        if (s->input.fd >= 0)
                close(s->input.fd);
        free(s);
        return NULL;
}

int limn_stream_next_member(LimnStream *s, LimnDiag *diag)
{
        return s->member++ == 0 ? 0 : 1;
}

const char *limn_stream_path(const LimnStream *s)
{
        return s->entry->path;
}

static void broke_off(LimnStream *s, const char *why, const char *help, LimnDiag *diag)
{
        s->truncated = s->ended = true;
        limn_diag_addf(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR, .where = s->entry->path,
                                            .why = why, .help = help},
                       "only the first %llu bytes could be read", (unsigned long long)s->out);
}

static bool explodes(const LimnStream *s)
{
        return s->out > LIMN_EXPANSION_FREE && s->out / LIMN_EXPANSION_MAX > s->input.size;
}

int limn_stream_read(LimnStream *s, char *p, size_t n, size_t *ret_n, LimnDiag *diag)
{
        size_t got = 0;

        while (got < n && !s->ended) {
                const char *why = NULL;
                ssize_t r = s->decoder ? s->decoder->read(s->decoding, p + got, n - got, &why)
                                       : limn_input_read(&s->input, p + got, n - got);

                if (r == -ENOMEM)
                        return -ENOMEM;
                if (r < 0) {
                        broke_off(s, why ? why : strerror((int)-r), NULL, diag);
                        break;
                }
                if (r == 0) {
                        s->ended = true;
                        if (why)
                                limn_diag_add(diag, &(LimnMessage){
                                        .severity = LIMN_DIAG_WARNING, .what = why,
                                        .where = s->entry->path});
                        break;
                }
                got += (size_t)r;
                s->out += (size_t)r;
                if (s->decoder && explodes(s))
                        broke_off(s, "it expands more than 400 times, as no log does",
                                  "decompress it yourself and give the result", diag);
        }
        *ret_n = got;
        return s->truncated ? LIMN_STREAM_TRUNCATED : 0;
}

const char *limn_stream_compression(const LimnStream *s)
{
        return s->compression;
}

bool limn_stream_repeats(const LimnStream *s)
{
        return s->entry->kind == LIMN_ENTRY_FILE;
}

uint64_t limn_stream_received(const LimnStream *s)
{
        return s->input.size;
}

int limn_stream_received_hex(const LimnStream *s, char ret[LIMN_SHA256_HEX])
{
        return s->input.sha ? limn_sha256_hex(s->input.sha, ret) : 1;
}
