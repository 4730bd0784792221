/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "reports/zstd_frame.h"

/* Most bundles are small, and level 19 gains 3 % at ten times the time. With whole sources they are
 * not, and level 3 takes a sixth of the time for a fifth more. */
#define LEVEL "9"
#define LARGE_LEVEL "3"
#define LARGE (16u * 1024 * 1024)
#define PIECE (64 * 1024)

struct LimnArchive {
        struct archive *a;
};

static int failed(struct archive *a, const char *what, const char *where, LimnDiag *diag)
{
        int error = archive_errno(a) > 0 ? archive_errno(a) : EIO;
        limn_diag_addf(diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                      .where = where,
                                      .why = archive_error_string(a)},
                       "%s", what);
        return -error;
}

int limn_archive_new(LimnArchive **ret, int fd, uint64_t size, LimnDiag *diag)
{
        LimnArchive *archive = calloc(1, sizeof *archive);
        if (!archive || !(archive->a = archive_write_new())) {
                free(archive);
                return -ENOMEM;
        }
        struct archive *a = archive->a;
        if (archive_write_set_format_ustar(a) != ARCHIVE_OK ||
            archive_write_add_filter_zstd(a) != ARCHIVE_OK ||
            archive_write_set_filter_option(a, "zstd", "compression-level",
                                            size > LARGE ? LARGE_LEVEL : LEVEL) != ARCHIVE_OK ||
            archive_write_set_bytes_in_last_block(a, 1) != ARCHIVE_OK ||
            archive_write_open_fd(a, fd) != ARCHIVE_OK) {
                int r = failed(a, "the archive cannot be begun", NULL, diag);
                limn_archive_free(archive);
                return r;
        }
        *ret = archive;
        return 0;
}

int limn_archive_add(LimnArchive *archive, const char *name, uint64_t size,
                     int64_t (*read)(void *ctx, char *piece, size_t most), void *ctx,
                     LimnDiag *diag)
{
        struct archive_entry *entry = archive_entry_new();
        char *piece = malloc(PIECE);
        int r = -ENOMEM;
        if (!entry || !piece)
                goto out;
        archive_entry_set_pathname(entry, name);
        archive_entry_set_size(entry, (int64_t)size);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_mtime(entry, 0, 0);
        archive_entry_set_uid(entry, 0);
        archive_entry_set_gid(entry, 0);
        if (archive_write_header(archive->a, entry) != ARCHIVE_OK) {
                r = failed(archive->a, "a member cannot be written", name, diag);
                goto out;
        }
        for (uint64_t left = size; left;) {
                int64_t n = read(ctx, piece, left < PIECE ? (size_t)left : PIECE);
                if (n <= 0) {
                        r = n < 0 ? (int)n : -EIO;
                        limn_diag_addf(diag,
                                       &(LimnMessage){.severity = LIMN_DIAG_ERROR, .where = name,
                                                      .why = strerror(-r)},
                                       "a member cannot be read back");
                        goto out;
                }
                if (archive_write_data(archive->a, piece, (size_t)n) != n) {
                        r = failed(archive->a, "a member cannot be written", name, diag);
                        goto out;
                }
                left -= (uint64_t)n;
        }
        r = 0;
out:
        free(piece);
        archive_entry_free(entry);
        return r;
}

int limn_archive_end(LimnArchive *archive, LimnDiag *diag)
{
        if (archive_write_close(archive->a) != ARCHIVE_OK)
                return failed(archive->a, "the archive cannot be completed", NULL, diag);
        return 0;
}

LimnArchive *limn_archive_free(LimnArchive *archive)
{
        if (!archive)
                return NULL;
        /* Without a close nothing more is to be written: the file is given up. */
        archive_write_fail(archive->a);
        archive_write_free(archive->a);
        free(archive);
        return NULL;
}

/* -- reading ------------------------------------------------------------------------------ */

static const char *oddity(struct archive_entry *entry)
{
        if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) ||
            archive_entry_symlink(entry))
                return "it is no regular file";
        if (archive_entry_mtime_is_set(entry) && archive_entry_mtime(entry) != 0)
                return "it has a time";
        const char *user = archive_entry_uname(entry), *group = archive_entry_gname(entry);
        if (archive_entry_uid(entry) != 0 || archive_entry_gid(entry) != 0 ||
            (user && user[0]) || (group && group[0]))
                return "it has an owner";
        if (archive_entry_perm(entry) != 0644)
                return "it has another mode";
        if (archive_entry_sparse_count(entry) > 0 || archive_entry_xattr_count(entry) > 0)
                return "it has extended attributes";
        return NULL;
}

/* Bytes of the tar itself, whatever stands in it: everything that was compressed. More than `most`
 * are not counted on: a few bytes of zstd may be terabytes of zeros. */
static int64_t raw_length(const char *path, int64_t most)
{
        struct archive *a = archive_read_new();
        if (!a)
                return -ENOMEM;
        struct archive_entry *entry;
        int64_t length = -EINVAL;
        if (archive_read_support_format_raw(a) == ARCHIVE_OK &&
            archive_read_support_filter_zstd(a) == ARCHIVE_OK &&
            archive_read_open_filename(a, path, PIECE) == ARCHIVE_OK &&
            archive_read_next_header(a, &entry) == ARCHIVE_OK) {
                const void *piece;
                size_t n;
                int64_t offset;
                int status;
                length = 0;
                while ((status = archive_read_data_block(a, &piece, &n, &offset)) == ARCHIVE_OK) {
                        length = offset + (int64_t)n;
                        if (length > most)
                                break;
                }
                if (status != ARCHIVE_EOF && length <= most)
                        length = -EINVAL;
        }
        archive_read_free(a);
        return length;
}

/* A member takes a header and whole blocks; two empty blocks end the archive. */
#define BLOCK 512
#define blocks(size) (((size) + BLOCK - 1) / BLOCK * BLOCK)

static int walk(struct archive *a, const char *path,
                int (*member)(void *arg, const LimnArchiveMember *member),
                int (*bytes)(void *arg, LimnSlice bytes), void *arg, LimnDiag *diag)
{
        struct archive_entry *entry;
        int status;
        int64_t length = 2 * BLOCK;
        while ((status = archive_read_next_header(a, &entry)) == ARCHIVE_OK) {
                const char *name = archive_entry_pathname(entry);
                LimnArchiveMember it = {.name = name ? name : "",
                                        .size = (uint64_t)archive_entry_size(entry),
                                        .odd = name ? oddity(entry) : "it has no name"};
                length += BLOCK + blocks(archive_entry_size(entry));
                int r = member(arg, &it);
                if (r)
                        return r;
                const void *piece;
                size_t n;
                int64_t offset;
                while ((status = archive_read_data_block(a, &piece, &n, &offset)) == ARCHIVE_OK) {
                        r = bytes(arg, limn_slice(piece, n));
                        if (r)
                                return r;
                }
                if (status != ARCHIVE_EOF)
                        break;
        }
        if (status != ARCHIVE_EOF) {
                failed(a, "the bundle is damaged", path, diag);
                return -EINVAL;
        }
        bool hidden = raw_length(path, length) != length;
        if (!hidden) {
                int r = limn_one_frame(path);
                if (r < 0 && r != -EINVAL)
                        return r;
                hidden = r < 0;
        }
        if (hidden) {
                limn_diag_addf(diag, &(LimnMessage){.severity = LIMN_DIAG_ERROR, .where = path},
                               "the bundle holds more than its members");
                return -EINVAL;
        }
        return 0;
}

int limn_archive_read(const char *path,
                      int (*member)(void *arg, const LimnArchiveMember *member),
                      int (*bytes)(void *arg, LimnSlice bytes), void *arg, LimnDiag *diag)
{
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
                int error = errno;
                limn_diag_addf(diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR, .where = path,
                                              .why = strerror(error)},
                               "the bundle cannot be opened");
                return -error;
        }
        struct archive *a = archive_read_new();
        int r = a ? 0 : -ENOMEM;
        if (a && (archive_read_support_format_tar(a) != ARCHIVE_OK ||
                  archive_read_support_filter_zstd(a) != ARCHIVE_OK ||
                  archive_read_open_fd(a, fd, PIECE) != ARCHIVE_OK)) {
                failed(a, "this is no bundle", path, diag);
                r = -EINVAL;
        }
        if (r == 0)
                r = walk(a, path, member, bytes, arg, diag);
        if (a)
                archive_read_free(a);
        close(fd);
        return r;
}
