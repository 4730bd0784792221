/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/report.h"

#define REPORTER(name) &limn_reporter_##name,
const LimnReporter *const limn_reporters[] = {
#include "reports/reports.list"
        NULL,
};
#undef REPORTER

const LimnReporter *limn_reporter_find(LimnSlice name)
{
        for (size_t i = 0; limn_reporters[i]; i++)
                if (limn_slice_eq(name, limn_slice_str(limn_reporters[i]->name)))
                        return limn_reporters[i];
        return NULL;
}
