/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/zstd_frame.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER_MAX 18
#define BLOCK_HEADER 3
#define CHECKSUM 4

enum { RAW, REPEATED, COMPRESSED, RESERVED };

/* How long the frame's header is; 0: there is none. */
static size_t header_length(const unsigned char *p, size_t n, bool *ret_checksum)
{
        static const unsigned char magic[] = {0x28, 0xb5, 0x2f, 0xfd};
        static const unsigned char dictionary[] = {0, 1, 2, 4}, content[] = {0, 2, 4, 8};
        if (n < sizeof magic + 1 || memcmp(p, magic, sizeof magic) != 0)
                return 0;
        unsigned descriptor = p[4];
        bool single = descriptor >> 5 & 1;
        size_t size = content[descriptor >> 6] + (single && descriptor >> 6 == 0);
        *ret_checksum = descriptor >> 2 & 1;
        return 5 + !single + dictionary[descriptor & 3] + size;
}

/* Where the frame that begins the file ends; -EINVAL: it is none that is whole. */
static int64_t frame_end(int fd)
{
        unsigned char head[HEADER_MAX];
        bool checksum = false;
        ssize_t n = pread(fd, head, sizeof head, 0);
        if (n < 0)
                return -errno;
        off_t at = (off_t)header_length(head, (size_t)n, &checksum);
        bool last = at == 0;
        if (last)
                return -EINVAL;
        while (!last) {
                unsigned char block[BLOCK_HEADER];
                n = pread(fd, block, sizeof block, at);
                if (n < 0)
                        return -errno;
                if (n < BLOCK_HEADER)
                        return -EINVAL;
                unsigned word = block[0] | (unsigned)block[1] << 8 | (unsigned)block[2] << 16;
                unsigned type = word >> 1 & 3;
                last = word & 1;
                if (type == RESERVED)
                        return -EINVAL;
                at += BLOCK_HEADER + (type == REPEATED ? 1 : (off_t)(word >> 3));
        }
        return at + (checksum ? CHECKSUM : 0);
}

int limn_one_frame(const char *path)
{
        struct stat st;
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        int64_t end = -EINVAL;
        unsigned char first[2];
        bool zstd = pread(fd, first, sizeof first, 0) == sizeof first &&
                    ((first[0] == 0x28 && first[1] == 0xb5) ||
                     (first[0] >> 4 == 5 && first[1] == 0x2a)); /* a frame, or a skipped one */
        if (fstat(fd, &st) < 0)
                end = -errno;
        else
                end = zstd ? frame_end(fd) : st.st_size;
        close(fd);
        return end < 0 ? (int)end : end == st.st_size ? 0 : -EINVAL;
}
