/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * File: an output that appears under its name when it is complete, or not at all. It is written
 * beside its name (`NAME.partial-PID`) and renamed; a full disk or a kill leaves what was there.
 */
#include "reports/report.h"

typedef struct LimnFile {
        char *path, *partial;
        int fd;
} LimnFile;

/* Negative errno with a message. */
int limn_file_begin(LimnFile *file, const char *path, LimnDiag *diag);
/* Flushed to the disk, then renamed. Ends the file in either case. */
int limn_file_commit(LimnFile *file, LimnDiag *diag);
/* Takes back what was begun; after a commit it does nothing. */
void limn_file_done(LimnFile *file);
/* A file without a name beside `path`, gone when its descriptor is closed. */
int limn_file_scratch(const char *path, LimnDiag *diag);

/* The reporter's output as a file. */
int limn_report_to_file(const LimnReporter *reporter, const LimnReportInput *input,
                        const char *path, LimnDiag *diag);
