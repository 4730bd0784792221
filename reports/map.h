/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Map: the private half of a masked bundle: the key, and which token stands for what. JSON
 * (limn.map/1), readable by its owner only, kept beside the bundle and never in it. The same case
 * with the same map gives the same bundle.
 */
#include "reports/mask.h"

/* Reads the map into a new mask that wants `classes` (0: those it was made with); a file that does
 * not exist is a new map with a key of its own, unless `must`. Not sealed. Negative: a message. */
int limn_map_open(LimnMask **ret, const char *path, unsigned classes, bool must, LimnDiag *diag);
/* Whole or not at all, mode 0600. */
int limn_map_write(const LimnMask *mask, const char *path, LimnDiag *diag);
