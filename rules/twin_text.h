/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What a record says and the error that was logged with it. A layout in text writes the error
 * behind the message (`Giving up Error: no route`), one in JSON into a field of its own.
 *
 * An error begins at a word that names a class of them: it ends in Error, Exception or Throwable,
 * and a colon follows, or a code in brackets.
 */
#include "core/slice.h"

/* The message's first line up to the error, without the blanks and marks between them; *ret_error:
 * the error, empty when there is none. A message that is an error says its text, as loggers in JSON
 * repeat it: the error is then the whole line. Both point into `message`. */
LimnSlice limn_twin_text(LimnSlice message, LimnSlice *ret_error);
