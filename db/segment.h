/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Segment: raw bytes to one zstd frame and back. One packer a thread. The only home of zstd. */
#include "core/diag.h"

typedef struct LimnPacker LimnPacker;

int limn_packer_new(LimnPacker **ret);
LimnPacker *limn_packer_free(LimnPacker *packer);
/* *ret replaced by the frame. 0 or -ENOMEM. */
int limn_segment_pack(LimnPacker *packer, LimnSlice bytes, LimnBuf *ret);
/* `length`: of the raw bytes, as stored. -EBADMSG: damaged. */
int limn_segment_unpack(LimnPacker *packer, LimnSlice frame, size_t length, LimnBuf *ret);
