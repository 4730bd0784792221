/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"
#include "ingest/decode.h"
#include "ingest/unpack.h"

/*
 * One content inside another: the entry's own bytes, a member of the archive in them, a member of
 * the archive in that. Bytes pass input -> decoder (compression) -> content -> decoder (encoding)
 * -> text, and what is an archive has members in place of text.
 */
typedef struct Level {
        struct LimnStream *stream;
        LimnInput input, content, text;
        const LimnDecoder *decoder, *encoding; /* NULL: bytes pass as they are */
        void *decoding, *recoding;
        const char *name;    /* of the decoder or encoding; NULL: the bytes as received */
        const char *why;     /* of the last fault */
        const char *note;    /* said with the end */
        int failed;          /* negative: the content broke off */
        LimnUnpack *archive; /* NULL: it is no archive */
        LimnBuf path;
} Level;

struct LimnStream {
        const LimnEntry *entry;
        Level *level[LIMN_ARCHIVE_DEPTH_MAX + 1];
        unsigned depth; /* levels; the last is what is being read */
        uint64_t out;   /* bytes of content given, of all members */
        uint64_t given; /* of this one */
        size_t members, refused, broken;
        bool begun, ended, truncated;
};

static void say(LimnDiag *diag, LimnSeverity severity, const char *what, const char *where,
                const char *why, const char *help)
{
        limn_diag_add(diag, &(LimnMessage){.severity = severity, .what = what, .where = where,
                                           .why = why, .help = help});
}

static int cannot(const LimnEntry *entry, int error, LimnDiag *diag)
{
        say(diag, LIMN_DIAG_ERROR, "cannot read", entry->path, strerror(-error), NULL);
        return error;
}

static const char *path_of(const Level *level)
{
        return level->path.n ? limn_buf_str(&level->path) : level->stream->entry->path;
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

/* -- levels --------------------------------------------------------------------------------- */

static Level *level_free(Level *level)
{
        if (!level)
                return NULL;
        limn_unpack_free(level->archive);
        if (level->recoding)
                level->encoding->free(level->recoding);
        if (level->decoding)
                level->decoder->free(level->decoding);
        limn_sha256_free(level->input.sha);
        if (level->input.fd >= 0)
                close(level->input.fd);
        limn_buf_done(&level->path);
        free(level);
        return NULL;
}

static void pop(LimnStream *s)
{
        s->depth--;
        s->level[s->depth] = level_free(s->level[s->depth]);
}

static int push(LimnStream *s, Level **ret)
{
        Level *level = calloc(1, sizeof(*level));

        if (!level)
                return -ENOMEM;
        level->stream = s;
        level->input.fd = level->content.fd = level->text.fd = -1;
        level->path = LIMN_BUF(1 << 16);
        *ret = s->level[s->depth++] = level;
        return 0;
}

/* What fails once fails again, so that what was read before it is given out first. */
static ssize_t keep(Level *level, ssize_t n, const char *why)
{
        if (n < 0) {
                level->failed = (int)n;
                if (why)
                        level->why = why;
        } else if (n == 0 && why) {
                level->note = why;
        }
        return n;
}

static ssize_t from_decoder(void *arg, void *p, size_t n)
{
        Level *level = arg;
        const char *why = NULL;
        ssize_t got;

        if (level->failed)
                return level->failed;
        if (level->decoder)
                got = level->decoder->read(level->decoding, p, n, &why);
        else
                got = limn_input_read(&level->input, p, n);
        return keep(level, got, why);
}

static ssize_t from_encoding(void *arg, void *p, size_t n)
{
        Level *level = arg;
        const char *why = NULL;

        if (level->encoding)
                return level->encoding->read(level->recoding, p, n, &why);
        return limn_input_read(&level->content, p, n);
}

static ssize_t from_member(void *arg, void *p, size_t n)
{
        Level *parent = arg;
        const char *why = NULL;
        ssize_t got = limn_unpack_read(parent->archive, p, n, &why);

        /* What is wrong with the archive's own bytes says more. */
        if (got < 0)
                parent->stream->level[parent->stream->depth - 1]->why =
                        parent->failed && parent->why ? parent->why : why;
        return got;
}

/* Compression, archive or encoding of a level whose input is set. */
static int prepare(LimnStream *s, Level *level, const char **why)
{
        bool file = s->depth == 1 && s->entry->kind == LIMN_ENTRY_FILE;
        const char *kind, *encoding = NULL;
        const LimnDecoder *decoder;
        LimnSlice head;
        int r = limn_input_peek(&level->input, &head);

        if (r < 0)
                return r;
        decoder = limn_decoder_find(head, &level->name);
        if (decoder) {
                level->input.sha = limn_sha256_new();
                if (!level->input.sha)
                        return -ENOMEM;
        }
        if (decoder && decoder != &limn_decoder_utf16) {
                level->decoder = decoder;
                r = decoder->open(&level->decoding, &level->input);
                if (r < 0)
                        return r;
        }
        level->content.from = from_decoder;
        level->content.arg = level;
        r = limn_input_peek(&level->content, &head);
        if (r == -ENOMEM)
                return r;
        if (r < 0)
                head = LIMN_NONE; /* said when it is read */
        kind = limn_unpack_kind(head);
        if (kind) {
                bool seekable = file && !level->decoder && *kind != 't';
                return limn_unpack_open(&level->archive,
                                        seekable ? &level->input : &level->content, kind, seekable,
                                        why);
        }
        level->text.from = from_encoding;
        level->text.arg = level;
        if (limn_decoder_find(head, &encoding) != &limn_decoder_utf16)
                return 0;
        level->encoding = &limn_decoder_utf16;
        if (!level->name)
                level->name = encoding;
        return level->encoding->open(&level->recoding, &level->content);
}

/* -- the stream ----------------------------------------------------------------------------- */

int limn_stream_open(LimnStream **ret, const LimnEntry *entry, LimnDiag *diag)
{
        LimnStream *s = calloc(1, sizeof(*s));
        const char *why = NULL;
        Level *level;
        int r;

        if (!s)
                return -ENOMEM;
        s->entry = entry;
        r = push(s, &level);
        if (r == 0) {
                level->input.fd = open_entry(entry);
                r = level->input.fd < 0 ? level->input.fd : prepare(s, level, &why);
        }
        if (r < 0) {
                limn_stream_free(s);
                if (why)
                        say(diag, LIMN_DIAG_ERROR, "cannot read", entry->path, why, NULL);
                return why ? r : cannot(entry, r, diag);
        }
        *ret = s;
        return 0;
}

LimnStream *limn_stream_free(LimnStream *s)
{
        if (!s)
                return NULL;
        while (s->depth)
                pop(s);
        free(s);
        return NULL;
}

static void refuse(LimnStream *s, const char *path, const char *why, LimnDiag *diag)
{
        s->refused++;
        say(diag, LIMN_DIAG_WARNING, "left out of the archive", path, why, NULL);
}

static void break_archive(LimnStream *s, Level *level, const char *why, LimnDiag *diag)
{
        s->broken++;
        if (level->failed && level->why)
                why = level->why;
        limn_diag_addf(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR, .where = path_of(level),
                                            .why = why},
                       "only the first %zu members of the archive could be looked at", s->members);
}

static bool explodes(const LimnStream *s)
{
        uint64_t received = s->level[0]->input.size, out = s->out;

        /* What an archive holds that is not read passes through here all the same. */
        for (unsigned i = 0; i < s->depth; i++)
                if (s->level[i]->content.size > out)
                        out = s->level[i]->content.size;
        return out > LIMN_EXPANSION_FREE && out / LIMN_EXPANSION_MAX > received;
}

static int push_member(LimnStream *s, Level *parent, const LimnMember *member, LimnDiag *diag)
{
        const char *why = NULL;
        Level *level;
        int r;

        if (s->depth > LIMN_ARCHIVE_DEPTH_MAX) {
                refuse(s, path_of(parent), "archives are nested too deeply", diag);
                return 1;
        }
        r = push(s, &level);
        if (r < 0)
                return r;
        r = limn_buf_printf(&level->path, "%s!%s", path_of(parent), member->name);
        level->input.from = from_member;
        level->input.arg = parent;
        if (r == 0)
                r = prepare(s, level, &why);
        if (r == 0)
                return 0;
        if (r != -ENOMEM) {
                if (!why)
                        why = level->why ? level->why : strerror(-r);
                s->broken++;
                say(diag, LIMN_DIAG_ERROR, "cannot read", path_of(level), why, NULL);
                r = 1;
        }
        pop(s);
        return r;
}

int limn_stream_next_member(LimnStream *s, LimnDiag *diag)
{
        bool begun = s->begun;

        s->begun = true;
        s->ended = s->truncated = false;
        s->given = 0;
        if (!s->level[0]->archive)
                return begun;
        while (s->depth) {
                Level *level = s->level[s->depth - 1];
                LimnMember member;
                const char *why = NULL;
                int r;

                if (!level->archive) {
                        if (s->depth == 1)
                                return 1;
                        if (begun) {
                                pop(s);
                                continue;
                        }
                        return 0;
                }
                begun = true;
                if (explodes(s)) {
                        break_archive(s, s->level[0],
                                      "it expands more than 400 times, as no log does", diag);
                        return 1;
                }
                if (++s->members > LIMN_SOURCES_MAX) {
                        break_archive(s, s->level[0], "it has more members than a run may read",
                                      diag);
                        return 1;
                }
                r = limn_unpack_next(level->archive, &member, &why);
                if (r == -ENOMEM)
                        return r;
                if (r != 0) {
                        if (r < 0)
                                break_archive(s, level, why, diag);
                        if (s->depth == 1)
                                return 1;
                        pop(s);
                        continue;
                }
                if (member.folder)
                        continue;
                if (member.refused) {
                        LimnBuf path = LIMN_BUF(1 << 16);
                        limn_buf_printf(&path, "%s!%s", path_of(level), member.name);
                        refuse(s, limn_buf_str(&path), member.refused, diag);
                        limn_buf_done(&path);
                        continue;
                }
                r = push_member(s, level, &member, diag);
                if (r < 0)
                        return r;
                if (r == 0 && !s->level[s->depth - 1]->archive)
                        return 0;
        }
        return 1;
}

static Level *current(const LimnStream *s)
{
        return s->level[s->depth - 1];
}

const char *limn_stream_path(const LimnStream *s)
{
        return path_of(current(s));
}

static void broke_off(LimnStream *s, const char *why, const char *help, LimnDiag *diag)
{
        s->truncated = s->ended = true;
        limn_diag_addf(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                            .where = path_of(current(s)), .why = why,
                                            .help = help},
                       "only the first %llu bytes could be read", (unsigned long long)s->given);
}

int limn_stream_read(LimnStream *s, char *p, size_t n, size_t *ret_n, LimnDiag *diag)
{
        Level *level = current(s);
        size_t got = 0;

        while (got < n && !s->ended && !level->archive) {
                ssize_t r = limn_input_read(&level->text, p + got, n - got);

                if (r == -ENOMEM)
                        return -ENOMEM;
                if (r < 0) {
                        broke_off(s, level->why ? level->why : strerror((int)-r), NULL, diag);
                        break;
                }
                got += (size_t)r;
                s->out += (size_t)r;
                s->given += (size_t)r;
                if (r == 0) {
                        s->ended = true;
                        if (level->note)
                                say(diag, LIMN_DIAG_WARNING, level->note, path_of(level), NULL,
                                    NULL);
                        break;
                }
                if ((level->decoder || s->depth > 1) && explodes(s))
                        broke_off(s, "it expands more than 400 times, as no log does",
                                  "decompress it yourself and give the result", diag);
        }
        *ret_n = got;
        return s->truncated ? LIMN_STREAM_TRUNCATED : 0;
}

const char *limn_stream_compression(const LimnStream *s)
{
        return current(s)->name;
}

bool limn_stream_repeats(const LimnStream *s)
{
        return s->entry->kind == LIMN_ENTRY_FILE && !s->level[0]->archive;
}

uint64_t limn_stream_received(const LimnStream *s)
{
        return current(s)->input.size;
}

uint64_t limn_stream_taken(const LimnStream *s)
{
        return s->level[0]->input.size;
}

size_t limn_stream_refused(const LimnStream *s)
{
        return s->refused;
}

size_t limn_stream_broken(const LimnStream *s)
{
        return s->broken;
}

int limn_stream_received_hex(const LimnStream *s, char ret[LIMN_SHA256_HEX])
{
        return current(s)->input.sha ? limn_sha256_hex(current(s)->input.sha, ret) : 1;
}
