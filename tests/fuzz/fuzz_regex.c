/* SPDX-License-Identifier: Apache-2.0 */
/* First line: the pattern, before it a byte of flags; the rest: the subject. */
#include "tests/fuzz/fuzz.h"

#include <errno.h>

#include "core/limits.h"
#include "core/regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        if (size == 0)
                return 0;
        LimnSlice all = {(const char *)data + 1, size - 1};
        size_t end = limn_slice_chr(all, '\n');
        LimnSlice pattern = limn_slice_to(all, end), subject = limn_slice_from(all, end + 1);
        LimnDiag *diag = limn_diag_new();
        LimnRegex *regex = NULL;
        int r = limn_regex_new(&regex, pattern, data[0] & 7, diag);
        PROMISE(r == 0 || r == -EINVAL);
        PROMISE(limn_diag_count(diag, LIMN_DIAG_NOTE) == (r < 0));
        if (r == 0) {
                LimnRegexScratch *scratch = limn_regex_scratch_new();
                PROMISE(scratch && limn_regex_names(regex) <= LIMN_REGEX_GROUPS_MAX);
                int match = limn_regex_match(regex, scratch, subject);
                PROMISE(match == LIMN_REGEX_NO || match == LIMN_REGEX_YES ||
                        match == LIMN_REGEX_LIMIT);
                for (size_t i = 0; match == LIMN_REGEX_YES && i < limn_regex_names(regex); i++) {
                        LimnSlice group = limn_regex_group(regex, scratch, subject, i);
                        PROMISE(limn_regex_name(regex, i).n > 0);
                        PROMISE(!group.p || fuzz_inside(group, subject));
                        fuzz_touch(group);
                }
                limn_regex_scratch_free(scratch);
        }
        limn_regex_free(regex);
        limn_diag_free(diag);
        return 0;
}
