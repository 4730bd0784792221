/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Context: a word that is somebody's name and the product's, too (a table `status`, a user `app`):
 * is text[at, end) the name here? Yes where it is quoted, qualified (`db.table`), an account's
 * half (user@host), announced (FROM, TABLE, database:), assigned, in a cell, or in the path of a
 * table's file. No where it is a key, the value of a key that means no name (level, state), or a
 * part of a class's name. Private to reports/mask*.c.
 */
#include "core/slice.h"

bool limn_mask_in_context(LimnSlice text, size_t at, size_t end);
