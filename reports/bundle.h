/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Bundle: what leaves the site for support, as one tar.zst with reproducible bytes.
 *
 * Members, in this order: README.md, manifest.json, SUMMARY.md, report.html, findings.json,
 * timeline.csv, timeline.jsonl, checklist.md, attempted.md, topology.svg, evidence/, config/,
 * sources/ if asked, SHA256SUMS, and SIGNATURE if signed: of the bytes of SHA256SUMS, which has
 * every other member. The manifest names
 * the members between README.md and SHA256SUMS and README.md itself; SHA256SUMS has them and the
 * manifest, for people with only sha256sum. Secrets are always masked, names if asked.
 */
#include "reports/discover_case.h"
#include "reports/report.h"

typedef struct LimnBundleOptions {
        LimnMask *mask;  /* classes and words asked for, or NULL; what the case holds is added */
        const char *map; /* with a mask: where its map goes */
        bool sources;    /* every source whole, in sources/ */
        LimnSlice sign; /* a private key (core/sign.h), or none */
        const LimnSourceBytes *bytes; /* needed by mask and sources */
} LimnBundleOptions;

/*
 * Writes the bundle; `input->redact` is not looked at, `options` may be NULL. There is a whole one
 * under `path` or what was there before. With a mask, the finished bundle is searched for what was
 * masked before it gets its name. Negative errno with a message.
 */
enum { LIMN_BUNDLE_LEAK = 2 }; /* there is no bundle: the proof failed, with a message */
int limn_bundle_write(const LimnReportInput *input, const char *path,
                      const LimnBundleOptions *options, LimnDiag *diag);

enum {
        LIMN_BUNDLE_OK = 0,
        LIMN_BUNDLE_BAD = 1, /* every mismatch is an error in diag */
};
/*
 * Negative when it could not be read at all. `key`: the public key that must have signed it, or
 * none; then a signature that is there is not looked at. *ret_members: how many were checked.
 */
int limn_bundle_verify(const char *path, LimnSlice key, size_t *ret_members, bool *ret_signed,
                       LimnDiag *diag);
