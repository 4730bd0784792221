/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/frame.h"

static const char *const colors[_LIMN_DIAG_MAX] = {
        [LIMN_DIAG_NOTE] = "\033[1;36m",
        [LIMN_DIAG_WARNING] = "\033[1;33m",
        [LIMN_DIAG_ERROR] = "\033[1;31m",
};

static void print_one(const LimnMessage *message, bool color, FILE *out)
{
        LimnBuf text = LIMN_BUF(256 * 1024);
        size_t head = strlen(limn_severity_to_string(message->severity)) + 1;

        /* Even without memory something must be said. */
        if (limn_diag_render(message, &text) < 0) {
                fprintf(out, "%s: %s\n", limn_severity_to_string(message->severity),
                        "a message could not be printed (out of memory)");
        } else if (color && text.n > head) {
                fprintf(out, "%s%.*s\033[0m", colors[message->severity], (int)head, text.p);
                fwrite(text.p + head, 1, text.n - head, out);
        } else {
                fwrite(text.p, 1, text.n, out);
        }
        limn_buf_done(&text);
}

void limn_diag_print(const LimnDiag *diag, bool color, size_t *printed, FILE *out)
{
        size_t kept = limn_diag_kept(diag);

        for (size_t i = *printed; i < kept; i++)
                print_one(limn_diag_at(diag, i), color, out);
        *printed = kept;
}
