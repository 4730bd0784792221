/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The self-imposed air gap: what limn reads is hostile, so before the first byte of it the process
 * gives up the network and all paths but those it was started for. Nothing lifts it again, for
 * this thread and all that it starts. A kernel that lacks a half of it (no seccomp; Landlock
 * before Linux 5.13) is no error: what is in force is told, and the reports say it.
 *
 * What stays open in any case: descriptors that are open already (standard input and output),
 * pipes, the zone database, and the few files that the C library and sanitizers ask for.
 */
#include "core/diag.h"

typedef enum LimnSandboxUse {
        LIMN_SANDBOX_READ,  /* the file, or everything beneath the folder */
        /* The folder that the file is in, or will be: files beneath it are read, made, changed,
         * renamed and removed. A device or pipe: itself. */
        LIMN_SANDBOX_WRITE,
} LimnSandboxUse;

typedef struct LimnSandboxPath {
        const char *path; /* that there is none is for the command to say */
        LimnSandboxUse use;
} LimnSandboxPath;

/* What is in force. */
typedef struct LimnSandbox {
        bool network; /* denied */
        bool paths;   /* confined */
} LimnSandbox;

/* Call it before any thread is started. Always fills *ret. */
void limn_sandbox_enter(const LimnSandboxPath *paths, size_t n, LimnSandbox *ret);

/* "network denied (seccomp), paths confined (Landlock)". */
const char *limn_sandbox_text(LimnSandbox sandbox);
/* The reverse, for what a case remembers; false for words that are not ours. */
LimnSandbox limn_sandbox_parse(LimnSlice text);
