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
        const LimnSourceBytes *bytes; /* of the case's sources: excerpts are taken from there */
} LimnBundleOptions;

/*
 * Writes the bundle; `input->redact` is not looked at. There is a whole one
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
/* A source of a bundle, as its manifest has it. Texts live as long as the call. */
typedef struct LimnBundleSource {
        LimnSlice path, sha256, format;
        int64_t bytes, records; /* records 0: no tree */
        LimnSlice root;         /* hexadecimal */
} LimnBundleSource;

typedef struct LimnVerified {
        size_t members, excerpts; /* excerpts: records that were proved */
        bool is_signed;
} LimnVerified;

typedef struct LimnVerifyOptions {
        LimnSlice key; /* the public one that must have signed it; none: signatures are ignored */
        /* Called for each source of a bundle that is sound, or NULL; non-zero is returned. */
        int (*source)(void *arg, const LimnBundleSource *source);
        void *arg;
} LimnVerifyOptions;

/*
 * Negative when it could not be read at all. Everything that does not agree is an error in diag:
 * members, order, sums, signature, each excerpt against its source's root and against the text
 * made of it, the findings document against its schema, and the timeline's lines.
 */
int limn_bundle_verify(const char *path, const LimnVerifyOptions *options, LimnVerified *ret,
                       LimnDiag *diag);
