/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/slurp.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int read_all(const char *path, LimnBuf *ret)
{
        bool input = strcmp(path, "-") == 0;
        int fd = input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        char piece[64 * 1024];
        ssize_t n;
        while ((n = read(fd, piece, sizeof piece)) > 0 && !ret->error)
                limn_buf_add(ret, limn_slice(piece, (size_t)n));
        int r = n < 0 ? -errno : ret->error;
        if (!input)
                close(fd);
        return r;
}

int limn_slurp(LimnCli *cli, const char *path, const char *what, LimnBuf *ret)
{
        int r = read_all(path, ret);
        if (r < 0)
                limn_diag_addf(cli->diag,
                               &(LimnMessage){.severity = LIMN_DIAG_ERROR, .where = path,
                                              .why = strerror(-r)},
                               "%s cannot be read", what);
        return r;
}
