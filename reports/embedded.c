/* SPDX-License-Identifier: Apache-2.0 */
#include "core/embed.h"
#include "reports/report.h"

extern const LimnEmbedded limn_report_files[]; /* meson.build */
extern const size_t limn_report_files_n;

LimnSlice limn_report_file(const char *name)
{
        for (size_t i = 0; i < limn_report_files_n; i++)
                if (strcmp(limn_report_files[i].path, name) == 0)
                        return limn_report_files[i].text;
        return LIMN_NONE;
}

LimnSlice limn_findings_schema(void)
{
        return limn_report_file("findings-1.json");
}
