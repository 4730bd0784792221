/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Pages: JSON objects one after another, in an array, or in an array that is a member of a page
 * (`{"events": [...], "nextToken": ...}`), pretty-printed or not; cut into a piece an object.
 *
 * A piece is an object with all that stands before it; what stands behind the last one is a piece
 * of its own. Pieces joined give the bytes back.
 */
#include "core/slice.h"

/*
 * The length of the first piece, or 0: more bytes are needed (never with `last`, unless there are
 * none). `lists`: the names of members that hold a page's objects, ended by p NULL; NULL: any name.
 */
size_t limn_json_page_cut(LimnSlice bytes, const LimnSlice *lists, bool last);

/* The object in a piece, n 0 when there is none but punctuation and the page's other members.
 * False: other text stands before it. */
bool limn_json_page_object(LimnSlice piece, const LimnSlice *lists, LimnSlice *ret);
