/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Clock: how far each source's stamps lie from the common time.
 *
 *     stamp = common time + zone_offset (only of naive stamps) + skew (of the host's clock)
 *
 * Sources of one instance share one host clock, hence one skew: a clock group. Its naive sources
 * (stamps that state no zone) also share one zone. Both are measured from anchors: moments that
 * two sources log under the same name and key (a binlog dump begun at a position, a connection
 * id). The same key may come several times (reconnects from one position, connection ids after a
 * restart), so all pairs of equal keys within a day are taken, and the densest cluster of their
 * differences is the offset: the window is 2 x resolution + 1 s wide, and its score the number of
 * different anchors it matches on the poorer side. A cluster counts with at least 3 anchors, or
 * with one key that came once on each side and is no mere short number (8 bytes or more: a binlog
 * position, a GTID; a connection id alone proves nothing). Equal scores: the smaller remainder
 * against a whole quarter of an hour, then the smaller offset.
 *
 * The zone of naive stamps is what a snapshot of the instance stated (NOW() - UTC_TIMESTAMP()),
 * else the nearest 15 minutes of the measured offset; the rest is skew. A skew not above its
 * uncertainty is noise and reported as 0. A constant lag of the reader never enters: only moments
 * are compared, never what a log says about lag.
 *
 * An offset that does not stand, because a clock was set or runs off, is not followed: it is said
 * (`moved`), and the uncertainty holds all of it, so that no order rests on it.
 *
 * Offsets are relative: of two hosts that differ nobody can say which is right. The reference (it
 * has skew 0 by definition) is, in each set of groups that anchors connect: a group with stamps
 * that state their zone, before one whose zone a snapshot stated, before the rest; among equals
 * pipeline events, then the server, then the gateway; then the lowest source. A group without
 * usable anchors is its own reference: skew 0, anchors 0, and an uncertainty that says so.
 *
 * The result does not depend on the order of the anchors.
 */
#include <stdint.h>

#include "core/slice.h"
#include "core/time.h"

typedef struct LimnClockAnchor {
        LimnSlice name, key;
        uint32_t source;         /* index in the sources */
        LimnTime time;           /* as stamped, naive stamps read as UTC */
        LimnDuration resolution; /* of the stamp: a second, a millisecond */
} LimnClockAnchor;

typedef enum LimnClockZone {
        LIMN_CLOCK_NAIVE,      /* stamps state no zone, none is known */
        LIMN_CLOCK_SNAPSHOT,   /* naive, but the instance said its own zone: zone_offset */
        LIMN_CLOCK_CONFIGURED, /* naive, --tz was given and is already applied to the times */
        LIMN_CLOCK_STATED,     /* stamps carry their zone, or are epoch numbers */
} LimnClockZone;

/* Who is asked first for the common time, among equally sure ones. */
typedef enum LimnClockKind {
        LIMN_CLOCK_EVENTS,
        LIMN_CLOCK_SERVER,
        LIMN_CLOCK_GATEWAY,
        LIMN_CLOCK_OTHER,
} LimnClockKind;

typedef struct LimnClockSource { /* in the order of SHA-256 */
        uint32_t group; /* sources with one host clock: the instance's number; 0: none, its own */
        LimnClockKind kind;
        LimnClockZone zone;
        LimnDuration zone_offset; /* east of UTC; only with LIMN_CLOCK_SNAPSHOT */
        LimnDuration resolution;  /* of its stamps; 0: a second is assumed */
} LimnClockSource;

typedef enum LimnClockBasis {
        LIMN_CLOCK_BY_STATED,
        LIMN_CLOCK_BY_CONFIGURED,
        LIMN_CLOCK_BY_SNAPSHOT,
        LIMN_CLOCK_BY_ANCHORS,
        LIMN_CLOCK_BY_ASSUMED, /* read as UTC, for want of anything better */
        _LIMN_CLOCK_BY_MAX,
} LimnClockBasis;
const char *limn_clock_basis_to_string(LimnClockBasis basis); /* "stated", ... as in the case */

#define LIMN_CLOCK_NO_SOURCE UINT32_MAX

typedef struct LimnClock {
        LimnDuration zone_offset; /* 0 unless the stamps are naive */
        LimnClockBasis basis;
        LimnDuration skew;       /* how far the host's clock was ahead of the reference's */
        LimnDuration correction; /* common time = stamp + correction = -(zone_offset + skew) */
        /* Half width of what the correction may be off by, the stamps' resolution included.
         * Without anchors: LIMN_CLOCK_UNMEASURED, or LIMN_CLOCK_ZONE_UNKNOWN when the zone is
         * assumed, too. The reference itself: its resolution. */
        LimnDuration uncertainty;
        LimnDuration moved; /* how far the clock went on against the reference's; 0: it stood */
        size_t anchors;     /* that the measurement of its group rests on */
        uint32_t reference; /* lowest source of the reference group; NO_SOURCE: itself one */
} LimnClock;

/* What hosts with NTP keep with ease; and every zone there is. */
#define LIMN_CLOCK_UNMEASURED (2 * LIMN_SECOND)
#define LIMN_CLOCK_ZONE_UNKNOWN (14 * LIMN_HOUR)
/* Differences beyond are taken for chance, not for a clock. */
#define LIMN_CLOCK_OFFSET_MAX LIMN_DAY
/* Pairs of equal keys looked at between two groups; the rarest keys first. */
#define LIMN_CLOCK_PAIRS_MAX 2000000

/* Fills ret[n_sources]. 0 or -ENOMEM. O(pairs log pairs). */
int limn_clocks(const LimnClockSource *sources, size_t n_sources, const LimnClockAnchor *anchors,
                size_t n_anchors, LimnClock *ret);
