/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int failed(int error, const char *what, const char *path, LimnDiag *diag)
{
        limn_diag_addf(diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                      .where = path,
                                      .why = strerror(error),
                                      .help = error == ENOENT || error == EACCES || error == EROFS
                                                      ? "name a folder that exists and can be "
                                                        "written"
                                                      : NULL},
                       "%s", what);
        return -error;
}

/* The folder of a path, to be freed. */
static char *folder_of(const char *path)
{
        const char *slash = strrchr(path, '/');
        if (!slash)
                return strdup(".");
        return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

int limn_file_begin(LimnFile *file, const char *path, LimnDiag *diag)
{
        *file = (LimnFile){.path = strdup(path), .fd = -1};
        if (!file->path || asprintf(&file->partial, "%s.partial-%ld", path, (long)getpid()) < 0) {
                file->partial = NULL;
                limn_file_done(file);
                return -ENOMEM;
        }
        struct stat st;
        if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
                int r = failed(EEXIST, "the output is no regular file", path, diag);
                free(file->partial);
                file->partial = NULL;
                limn_file_done(file);
                return r;
        }
        file->fd = open(file->partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                        0666);
        if (file->fd < 0) {
                int r = failed(errno, "the output cannot be written", path, diag);
                free(file->partial);
                file->partial = NULL;
                limn_file_done(file);
                return r;
        }
        return 0;
}

int limn_file_commit(LimnFile *file, LimnDiag *diag)
{
        int error = fsync(file->fd) < 0 && errno != EINVAL && errno != EROFS ? errno : 0;
        if (close(file->fd) < 0 && !error)
                error = errno;
        file->fd = -1;
        if (!error && rename(file->partial, file->path) < 0)
                error = errno;
        if (error) {
                int r = failed(error, "the output could not be written", file->path, diag);
                limn_file_done(file);
                return r;
        }
        free(file->partial);
        file->partial = NULL;
        /* So that the name survives a power cut too; not every file system can. */
        char *folder = folder_of(file->path);
        int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
        if (fd >= 0) {
                (void)fsync(fd);
                close(fd);
        }
        free(folder);
        limn_file_done(file);
        return 0;
}

void limn_file_done(LimnFile *file)
{
        if (file->fd >= 0)
                close(file->fd);
        if (file->partial)
                unlink(file->partial);
        free(file->partial);
        free(file->path);
        *file = (LimnFile){.fd = -1};
}

int limn_file_scratch(const char *path, LimnDiag *diag)
{
        char *folder = folder_of(path);
        if (!folder)
                return -ENOMEM;
        int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (fd < 0) { /* no O_TMPFILE on some file systems */
                char *name = NULL;
                if (asprintf(&name, "%s/.limn-XXXXXX", folder) < 0) {
                        free(folder);
                        return -ENOMEM;
                }
                fd = mkostemp(name, O_CLOEXEC);
                if (fd >= 0)
                        unlink(name);
                free(name);
        }
        int r = fd < 0 ? failed(errno, "no temporary file can be made", folder, diag) : fd;
        free(folder);
        return r;
}

int limn_report_to_file(const LimnReporter *reporter, const LimnReportInput *input,
                        const char *path, LimnDiag *diag)
{
        LimnFile file;
        int r = limn_file_begin(&file, path, diag);
        if (r < 0)
                return r;
        LimnOut out = LIMN_OUT(limn_out_sink_fd, &file.fd);
        r = reporter->write(input, &out, diag);
        if (r == 0)
                r = limn_out_end(&out, diag);
        else if (out.buf.error)
                limn_out_end(&out, diag);
        limn_out_done(&out);
        if (r == 0)
                return limn_file_commit(&file, diag);
        limn_file_done(&file);
        return r;
}
