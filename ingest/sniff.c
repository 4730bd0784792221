/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/sniff.h"

/* Above this share of control bytes, in percent, it is no text. Random bytes have 21. */
#define CONTROL_PERCENT 10
/* A run of NULs at least this long is a hole, not content. */
#define HOLE 64

static const struct {
        LimnSlice magic;
        size_t at;
        const char *what, *help;
} magics[] = {
        {{"\xfe" "bin", 4}, 0, "a MySQL binary log", "mysqlbinlog prints it as text"},
        {{"SQLite format 3\0", 16}, 0, "an SQLite database", NULL},
        {{"PK\3\4", 4}, 0, "a zip archive", "unpack it and give the folder"},
        {{"7z\xbc\xaf\x27\x1c", 6}, 0, "a 7z archive", "unpack it and give the folder"},
        {{"Rar!\x1a\7", 6}, 0, "a rar archive", "unpack it and give the folder"},
        {{"ustar", 5}, 257, "a tar archive", "unpack it and give the folder"},
        {{"%PDF-", 5}, 0, "a PDF document", NULL},
        {{"\x89PNG", 4}, 0, "a PNG image", NULL},
        {{"\xff\xd8\xff", 3}, 0, "a JPEG image", NULL},
        {{"GIF8", 4}, 0, "a GIF image", NULL},
        {{"\x7f" "ELF", 4}, 0, "a program or core dump", NULL},
        {{"PAR1", 4}, 0, "a Parquet file", NULL},
        {{"LPKSHHRH", 8}, 0, "a systemd journal", "journalctl --file prints it as text"},
};

LimnSlice limn_sniff_text(LimnSlice head)
{
        while (head.n > 0 && *head.p == '\0') {
                head.p++;
                head.n--;
        }
        return head;
}

static bool is_control(unsigned char c)
{
        return (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b) ||
               c == 0x7f;
}

LimnContent limn_sniff(LimnSlice head, const char **ret_what, const char **ret_help)
{
        size_t control = 0, text = 0;

        *ret_what = *ret_help = NULL;
        for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
                if (!limn_slice_starts(limn_slice_from(head, magics[i].at), magics[i].magic))
                        continue;
                *ret_what = magics[i].what;
                *ret_help = magics[i].help;
                return LIMN_CONTENT_BINARY;
        }
        if (limn_slice_starts(head, (LimnSlice){"\xff\xfe", 2}) ||
            limn_slice_starts(head, (LimnSlice){"\xfe\xff", 2})) {
                *ret_what = "text in UTF-16";
                *ret_help = "iconv -f UTF-16 -t UTF-8 converts it";
                return LIMN_CONTENT_UTF16;
        }

        head = limn_sniff_text(head);
        for (size_t i = 0; i < head.n; i++) {
                size_t run = i;

                while (run < head.n && head.p[run] == '\0')
                        run++;
                if (run - i >= HOLE) {
                        i = run - 1;
                        continue;
                }
                /* Bytes above ASCII say nothing: text in some encoding, or not text at all. */
                if (is_control((unsigned char)head.p[i]))
                        control++;
                else if ((unsigned char)head.p[i] < 0x80)
                        text++;
        }
        return control * 100 > (control + text) * CONTROL_PERCENT ? LIMN_CONTENT_BINARY
                                                                  : LIMN_CONTENT_TEXT;
}
