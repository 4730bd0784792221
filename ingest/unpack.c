/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/limits.h"

#define IN_BYTES (128 * 1024)

struct LimnUnpack {
        struct archive *a;
        LimnInput *input;
        bool seekable;
        char *held; /* the whole archive, where it must be searched but cannot */
        size_t members;
        char number[32];
        char in[IN_BYTES];
};

/* The checksum of a tar header, which has no magic before POSIX. */
static bool is_tar(LimnSlice head)
{
        unsigned sum = 0, stated = 0;
        size_t i = 148;

        if (head.n < 512)
                return false;
        for (size_t k = 0; k < 512; k++)
                sum += k >= 148 && k < 156 ? ' ' : (unsigned char)head.p[k];
        while (i < 156 && head.p[i] == ' ')
                i++;
        if (i == 156 || head.p[i] < '0' || head.p[i] > '7')
                return false;
        for (; i < 156 && head.p[i] >= '0' && head.p[i] <= '7'; i++)
                stated = stated * 8 + (unsigned)(head.p[i] - '0');
        return sum == stated && head.p[0] != '\0';
}

const char *limn_unpack_kind(LimnSlice head)
{
        if (limn_slice_starts(head, (LimnSlice){"PK\3\4", 4}))
                return "zip";
        if (limn_slice_starts(head, (LimnSlice){"7z\xbc\xaf\x27\x1c", 6}))
                return "7z";
        return is_tar(head) ? "tar" : NULL;
}

static la_ssize_t give(struct archive *a, void *self, const void **ret)
{
        LimnUnpack *u = self;
        ssize_t n = limn_input_read(u->input, u->in, sizeof(u->in));

        if (n < 0) {
                archive_set_error(a, (int)-n, "%s", strerror((int)-n));
                return ARCHIVE_FATAL;
        }
        *ret = u->in;
        return n;
}

/* For files: the head that was peeked at is read again. */
static la_ssize_t give_file(struct archive *a, void *self, const void **ret)
{
        LimnUnpack *u = self;
        ssize_t n;

        do
                n = read(u->input->fd, u->in, sizeof(u->in));
        while (n < 0 && errno == EINTR);
        if (n < 0) {
                archive_set_error(a, errno, "%s", strerror(errno));
                return ARCHIVE_FATAL;
        }
        u->input->size += (uint64_t)n;
        *ret = u->in;
        return n;
}

static la_int64_t seek_file(struct archive *a, void *self, la_int64_t offset, int whence)
{
        LimnUnpack *u = self;
        off_t at = lseek(u->input->fd, offset, whence);

        return at < 0 ? ARCHIVE_FATAL : at;
}

/* All of the input into memory. */
static int hold(LimnUnpack *u, size_t *ret_n, const char **why)
{
        size_t n = 0;

        u->held = malloc(LIMN_ARCHIVE_HELD_MAX + 1);
        if (!u->held)
                return -ENOMEM;
        while (n <= LIMN_ARCHIVE_HELD_MAX) {
                ssize_t got = limn_input_read(u->input, u->held + n, LIMN_ARCHIVE_HELD_MAX + 1 - n);
                if (got < 0)
                        return (int)got;
                if (got == 0)
                        break;
                n += (size_t)got;
        }
        if (n > LIMN_ARCHIVE_HELD_MAX) {
                *why = "a 7z archive of more than 64 MiB can only be read from a file of its own";
                return -EFBIG;
        }
        *ret_n = n;
        return 0;
}

int limn_unpack_open(LimnUnpack **ret, LimnInput *input, const char *kind, bool seekable,
                     const char **why)
{
        LimnUnpack *u = calloc(1, sizeof(*u));
        size_t n = 0;
        int r = 0;

        if (!u || !(u->a = archive_read_new())) {
                free(u);
                return -ENOMEM;
        }
        u->input = input;
        u->seekable = seekable;
        if (strcmp(kind, "tar") == 0) {
                archive_read_support_format_tar(u->a);
        } else if (strcmp(kind, "7z") == 0) {
                archive_read_support_format_7zip(u->a);
                r = seekable ? 0 : hold(u, &n, why);
        } else if (seekable) {
                archive_read_support_format_zip(u->a);
        } else {
                archive_read_support_format_zip_streamable(u->a);
        }
        if (r < 0) {
                limn_unpack_free(u);
                return r;
        }
        /* When opening fails, so does the first header, which has room to say why. */
        if (u->held) {
                archive_read_open_memory(u->a, u->held, n);
        } else if (seekable) {
                lseek(input->fd, 0, SEEK_SET);
                archive_read_set_read_callback(u->a, give_file);
                archive_read_set_seek_callback(u->a, seek_file);
                archive_read_set_callback_data(u->a, u);
                archive_read_open1(u->a);
        } else {
                archive_read_open(u->a, u, NULL, give, NULL);
        }
        *ret = u;
        return 0;
}

LimnUnpack *limn_unpack_free(LimnUnpack *u)
{
        if (!u)
                return NULL;
        archive_read_free(u->a);
        free(u->held);
        free(u);
        return NULL;
}

/* A name that would leave the folder it is unpacked into. */
static bool climbs(const char *name)
{
        if (name[0] == '/' || name[0] == '\\' || (name[0] && name[1] == ':' && name[2] == '\\'))
                return true;
        for (const char *p = name; *p;) {
                size_t n = strcspn(p, "/\\");
                if (n == 2 && p[0] == '.' && p[1] == '.')
                        return true;
                p += n + (p[n] != '\0');
        }
        return false;
}

static const char *refuse(struct archive_entry *entry, const char *name)
{
        mode_t type = archive_entry_filetype(entry);

        if (climbs(name))
                return "its path leads out of the archive";
        if (archive_entry_hardlink(entry) || archive_entry_symlink(entry) || type == AE_IFLNK)
                return "it is a link";
        if (type == AE_IFCHR || type == AE_IFBLK)
                return "it is a device";
        if (type != AE_IFREG && type != 0)
                return "it is no regular file";
        if (archive_entry_is_data_encrypted(entry) > 0)
                return "it is encrypted: unpack it with its password, then read the folder";
        if (archive_entry_size_is_set(entry) &&
            (archive_entry_size(entry) < 0 ||
             (uint64_t)archive_entry_size(entry) > LIMN_MEMBER_MAX))
                return "it claims to hold more than a terabyte";
        return NULL;
}

int limn_unpack_next(LimnUnpack *u, LimnMember *ret, const char **why)
{
        struct archive_entry *entry;
        const char *name;
        int r = archive_read_next_header(u->a, &entry);

        if (r == ARCHIVE_EOF)
                return 1;
        if (r < ARCHIVE_WARN) {
                *why = archive_error_string(u->a);
                if (!*why)
                        *why = "the archive is damaged";
                return archive_errno(u->a) == ENOMEM ? -ENOMEM : -EBADMSG;
        }
        u->members++;
        name = archive_entry_pathname(entry);
        if (!name)
                name = archive_entry_pathname_utf8(entry);
        if (!name || !*name) {
                snprintf(u->number, sizeof(u->number), "member %zu", u->members);
                name = u->number;
        }
        while (name[0] == '.' && name[1] == '/')
                name += 2;
        *ret = (LimnMember){.name = name, .folder = archive_entry_filetype(entry) == AE_IFDIR};
        if (!ret->folder)
                ret->refused = refuse(entry, name);
        /* A Java program or an office document is a zip archive, too; neither holds logs. */
        if (u->members == 1 && (strncmp(name, "META-INF/", 9) == 0 ||
                                strcmp(name, "[Content_Types].xml") == 0 ||
                                strcmp(name, "mimetype") == 0)) {
                *why = "it is a program or an office document, not an archive of logs";
                return -EBADMSG;
        }
        return 0;
}

ssize_t limn_unpack_read(LimnUnpack *u, void *p, size_t n, const char **why)
{
        la_ssize_t got = archive_read_data(u->a, p, n);

        if (got >= 0)
                return got;
        *why = archive_error_string(u->a);
        if (!*why)
                *why = "the archive is damaged";
        return archive_errno(u->a) == ENOMEM ? -ENOMEM : -EBADMSG;
}
