/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Bundle: what leaves the site for support, as one tar.zst with reproducible bytes.
 *
 * Members, in this order: README.md, manifest.json, SUMMARY.md, report.html, findings.json,
 * timeline.csv, timeline.jsonl, checklist.md, evidence/, config/, SHA256SUMS. The manifest names
 * the members between README.md and SHA256SUMS and README.md itself; SHA256SUMS has them and the
 * manifest, for people with only sha256sum. Secrets are always masked.
 */
#include "reports/report.h"

/*
 * Writes the bundle; `input->redact` is not looked at. There is a whole one under `path` or what
 * was there before. Negative errno with a message.
 */
int limn_bundle_write(const LimnReportInput *input, const char *path, LimnDiag *diag);

enum {
        LIMN_BUNDLE_OK = 0,
        LIMN_BUNDLE_BAD = 1, /* every mismatch is an error in diag */
};
/* Negative when it could not be read at all. *ret_members: how many were checked. */
int limn_bundle_verify(const char *path, size_t *ret_members, LimnDiag *diag);
