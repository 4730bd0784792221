/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* How else an address is written: in host names made of it, in file names, by programs that print
 * it as a number. Private to reports/mask*.c. */
#include <stdbool.h>

#include "core/buf.h"

/* Appends the k-th other form of an IPv4 or IPv6 address; nothing where this address has none that
 * tells it from an ordinary number. False: there are no more than k. */
bool limn_mask_address_form(LimnSlice ip, unsigned k, LimnBuf *out);
/* 00:1b:44:11:3a:b7, also with dashes. */
bool limn_mask_is_mac(LimnSlice s);
