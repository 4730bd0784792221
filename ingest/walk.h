/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Walk: the paths of a command line to a sorted list of entries to read.
 *
 * A folder is walked to its depths. Links inside it are not followed: what they lead to inside
 * the same folder is found there, and what lies outside was not given to us. The list depends on
 * nothing but names, never on the order in which the system lists a folder, and each file is in
 * it once, however many arguments lead to it.
 */
#include <stdint.h>

#include "core/arena.h"
#include "core/diag.h"

typedef enum LimnEntryKind {
        LIMN_ENTRY_FILE,   /* a regular file */
        LIMN_ENTRY_STREAM, /* a FIFO or socket named on the command line: read once, no size */
        LIMN_ENTRY_STDIN,  /* `-` */
} LimnEntryKind;

typedef struct LimnEntry {
        /* For people, in the case: the last component of the argument, '/', the path below it; as
         * many components before as are needed to tell two arguments apart. */
        const char *path;
        const char *open_path; /* NULL for standard input */
        LimnEntryKind kind;
        bool named;            /* on the command line, not met inside a folder */
        uint64_t size;         /* when it was listed: for progress only */
} LimnEntry;

/* One file, however named, as the system knows it. */
typedef struct LimnFileId {
        uint64_t device, inode;
} LimnFileId;

typedef struct LimnWalk {
        LimnEntry *at; /* by path, bytewise */
        size_t n, cap;
        uint64_t size;          /* of all files */
        size_t failed, skipped; /* said, one message each */
        LimnArena *arena;       /* owns the strings */
} LimnWalk;

/*
 * `except` (may be NULL): our own output files, left out without a word. What cannot be read is
 * an error message and counted in `failed`, what is no file inside a folder a note and counted in
 * `skipped`; neither stops the walk. 0, -E2BIG (LIMN_SOURCES_MAX) or -ENOMEM.
 */
int limn_walk(LimnWalk *ret, const char *const *paths, size_t n_paths, const LimnFileId *except,
              size_t n_except, LimnDiag *diag);
void limn_walk_done(LimnWalk *walk);
