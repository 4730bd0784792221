/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A file of zstd may hold more than its decoder shows: frames that are skipped, and further frames.
 * What limn writes is one frame, and then the end. The format: RFC 8878, 3.1.1.
 */

/* 0; -EINVAL: it is something else than one frame; another negative errno: it cannot be read. A
 * file that is no zstd at all (a tar that somebody unpacked) hides nothing, and is 0. */
int limn_one_frame(const char *path);
