/* SPDX-License-Identifier: Apache-2.0 */
#include <archive.h>
#include <errno.h>
#include <stdlib.h>

#include "ingest/decode.h"

#define IN_BYTES (128 * 1024)

typedef struct Archive {
        LimnInput *input;
        struct archive *a;
        bool begun, finished;
        char in[IN_BYTES];
} Archive;

static la_ssize_t give(struct archive *a, void *self, const void **ret)
{
        Archive *ar = self;
        ssize_t n = limn_input_read(ar->input, ar->in, sizeof(ar->in));

        if (n < 0) {
                archive_set_error(a, (int)-n, "%s", strerror((int)-n));
                return ARCHIVE_FATAL;
        }
        *ret = ar->in;
        return n;
}

static void archive_done(void *self)
{
        Archive *ar = self;

        if (!ar)
                return;
        archive_read_free(ar->a);
        free(ar);
}

static int archive_open(void **ret, LimnInput *input)
{
        Archive *ar = calloc(1, sizeof(*ar));

        if (!ar || !(ar->a = archive_read_new())) {
                free(ar);
                return -ENOMEM;
        }
        ar->input = input;
        /* Named one by one: "all" would start programs for what the library was built without. */
        archive_read_support_filter_bzip2(ar->a);
        archive_read_support_filter_compress(ar->a);
        archive_read_support_filter_lz4(ar->a);
        archive_read_support_filter_lzip(ar->a);
        archive_read_support_filter_xz(ar->a);
        archive_read_support_filter_zstd(ar->a);
        archive_read_support_format_raw(ar->a);
        /* When it fails, so does the first read, which has room to say why. */
        archive_read_open(ar->a, ar, NULL, give, NULL);
        *ret = ar;
        return 0;
}

static ssize_t archive_read(void *self, char *p, size_t n, const char **why)
{
        Archive *ar = self;
        la_ssize_t got;

        if (ar->finished)
                return 0;
        if (!ar->begun) {
                struct archive_entry *entry;
                int r = archive_read_next_header(ar->a, &entry);

                if (r == ARCHIVE_EOF) {
                        ar->finished = true;
                        return 0;
                }
                if (r != ARCHIVE_OK)
                        goto broken;
                ar->begun = true;
        }
        got = archive_read_data(ar->a, p, n);
        if (got >= 0) {
                ar->finished = got == 0;
                return got;
        }
broken:
        *why = archive_error_string(ar->a);
        if (!*why)
                *why = "the compressed stream is damaged";
        return -EBADMSG;
}

const LimnDecoder limn_decoder_archive = {"libarchive", archive_open, archive_read, archive_done};
