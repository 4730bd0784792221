/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode.h"

#include <errno.h>
#include <unistd.h>

static ssize_t read_some(const LimnInput *input, void *p, size_t n)
{
        ssize_t r;

        if (input->from)
                return input->from(input->arg, p, n);
        do
                r = read(input->fd, p, n);
        while (r < 0 && errno == EINTR);
        return r < 0 ? -errno : r;
}

static ssize_t read_all_of(const LimnInput *input, void *p, size_t n)
{
        size_t got = 0;

        while (got < n) {
                ssize_t r = read_some(input, (char *)p + got, n - got);

                if (r < 0)
                        return got ? (ssize_t)got : r;
                if (r == 0)
                        break;
                got += (size_t)r;
        }
        return (ssize_t)got;
}

int limn_input_peek(LimnInput *input, LimnSlice *ret_head)
{
        ssize_t n = read_all_of(input, input->head, sizeof(input->head));

        if (n < 0)
                return (int)n;
        input->head_n = (size_t)n;
        *ret_head = limn_slice(input->head, input->head_n);
        return 0;
}

ssize_t limn_input_read(LimnInput *input, void *p, size_t n)
{
        size_t ahead = input->head_n - input->head_at;
        ssize_t got;

        if (ahead > n)
                ahead = n;
        if (ahead > 0) {
                memcpy(p, input->head + input->head_at, ahead);
                input->head_at += ahead;
        }
        got = ahead < n ? read_all_of(input, (char *)p + ahead, n - ahead) : 0;
        if (got < 0 && ahead == 0)
                return got;
        got = (got < 0 ? 0 : got) + (ssize_t)ahead;
        input->size += (uint64_t)got;
        if (input->sha && got > 0 && limn_sha256_add(input->sha, limn_slice(p, (size_t)got)) < 0)
                return -ENOMEM;
        return got;
}

const LimnDecoder *limn_decoder_find(LimnSlice head, const char **ret_name)
{
        static const struct {
                const char *name;
                LimnSlice magic;
                const LimnDecoder *decoder;
        } rows[] = {
                {"gzip", {"\x1f\x8b\x08", 3}, &limn_decoder_gzip},
                {"compress", {"\x1f\x9d", 2}, &limn_decoder_archive},
                {"xz", {"\xfd" "7zXZ\0", 6}, &limn_decoder_archive},
                {"zstd", {"\x28\xb5\x2f\xfd", 4}, &limn_decoder_archive},
                {"lz4", {"\x04\x22\x4d\x18", 4}, &limn_decoder_archive},
                {"lzip", {"LZIP\1", 5}, &limn_decoder_archive},
                {"utf-16", {"\xff\xfe", 2}, &limn_decoder_utf16},
                {"utf-16", {"\xfe\xff", 2}, &limn_decoder_utf16},
        };

        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                if (limn_slice_starts(head, rows[i].magic)) {
                        *ret_name = rows[i].name;
                        return rows[i].decoder;
                }
        }
        /* Its magic is three letters; the block's own behind the level makes it sure. */
        if (head.n >= 10 && memcmp(head.p, "BZh", 3) == 0 &&
            memcmp(head.p + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0) {
                *ret_name = "bzip2";
                return &limn_decoder_archive;
        }
        return NULL;
}
