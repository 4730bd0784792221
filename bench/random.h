/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The same numbers each time, for made up data. */
#include <stdint.h>

static uint64_t seed = 42;

/* xorshift64* */
static uint32_t below(uint32_t n)
{
        seed ^= seed >> 12;
        seed ^= seed << 25;
        seed ^= seed >> 27;
        return (uint32_t)((seed * 2685821657736338717u) >> 32) % n;
}
