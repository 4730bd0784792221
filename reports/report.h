/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Reports: one output a file. A reporter shows what the case holds (reports/view.h) and computes
 * nothing: a number that is missing is added where conclusions are drawn.
 *
 * To add one: reports/<name>.c with one `const LimnReporter limn_reporter_<name>`, a line in
 * reports.list, one in meson.build, and a test. Everything that comes from the input goes
 * through an escaper (reports/escape.h).
 */
#include "core/diag.h"
#include "core/query.h"
#include "reports/out.h"
#include "reports/redact.h"

typedef struct LimnReportInput {
        const LimnQuery *query; /* over an open case; outlives the call */
        const char *version;    /* of limn */
        const char *rules_hash; /* SHA-256 of the rule set, or NULL */
        const char *sandbox; /* what held while the sources were read, or NULL */
        const char *const *args; /* what limn was asked, without the program's name */
        size_t n_args;
        const LimnRedact *redact; /* masks every text that is shown; NULL: nothing is masked */
        unsigned width;           /* columns of a terminal; 0: 96 */
        bool color;               /* escape sequences of our own, in the terminal report only */
} LimnReportInput;

typedef struct LimnReporter {
        const char *name;   /* stable: on the command line, in tests */
        const char *help;   /* one line */
        const char *suffix; /* ".html" */
        /* 0, or negative with a message. The same case and input give the same bytes. */
        int (*write)(const LimnReportInput *input, LimnOut *out, LimnDiag *diag);
} LimnReporter;

extern const LimnReporter *const limn_reporters[]; /* ends with NULL */
const LimnReporter *limn_reporter_find(LimnSlice name);

#define REPORTER(name) extern const LimnReporter limn_reporter_##name;
#include "reports/reports.list"
#undef REPORTER

/* A file built into the program (meson.build): html.css, html.js, ...; LIMN_NONE: no such. */
LimnSlice limn_report_file(const char *name);
/* The JSON Schema of the findings document, as text. */
LimnSlice limn_findings_schema(void);
