/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/proof.h"

#include <errno.h>

#include "core/limits.h"
#include "reports/archive.h"

#define PIECE (512 * 1024)
#define BEFORE 16 /* bytes that decide where a word begins */

typedef struct Proof {
        const LimnMask *mask;
        LimnDiag *diag;
        LimnBuf name, text; /* of the member: what was not searched yet, and BEFORE of it */
        size_t from;        /* in text: what was searched lies before */
        size_t reach;
} Proof;

static int search(Proof *p, LimnSlice text, size_t from, size_t to, const char *where)
{
        size_t i;
        int r = limn_mask_leak(p->mask, text, from, to, &i);
        if (r <= 0)
                return r;
        LimnMaskValue v = limn_mask_at(p->mask, i);
        limn_diag_addf(p->diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                      .where = where,
                                      .why = "the proof after packing found it",
                                      .help = "there is no bundle; this is a fault of limn's: "
                                              "please report where the value stands"},
                       "what %.*s stands for is still in there", LIMN_FMT(v.token));
        return LIMN_PROOF_LEAK;
}

/* All of it that has its context by now, when that is worth it: the context is looked at again. */
static int more(Proof *p, bool last)
{
        LimnSlice text = limn_buf_slice(&p->text);
        size_t to = last ? text.n : text.n > p->reach ? text.n - p->reach : 0;
        if (to <= p->from || (!last && to - p->from < PIECE))
                return 0;
        int r = search(p, text, p->from, to, limn_buf_str(&p->name));
        size_t gone = to > BEFORE ? to - BEFORE : 0;
        memmove(p->text.p, p->text.p + gone, text.n - gone);
        p->text.n -= gone;
        p->from = to - gone;
        return r;
}

static int on_member(void *arg, const LimnArchiveMember *member)
{
        Proof *p = arg;
        int r = more(p, true);
        if (r)
                return r;
        limn_buf_clear(&p->text);
        limn_buf_clear(&p->name);
        p->from = 0;
        limn_buf_add_str(&p->name, member->name);
        LimnSlice name = limn_buf_slice(&p->name);
        return search(p, name, 0, name.n, "the name of a member");
}

static int on_bytes(void *arg, LimnSlice bytes)
{
        Proof *p = arg;
        int r = limn_buf_add(&p->text, bytes);
        return r < 0 ? r : more(p, false);
}

int limn_proof(const LimnMask *mask, const char *path, LimnDiag *diag)
{
        Proof p = {.mask = mask,
                   .diag = diag,
                   .name = LIMN_BUF(64 * 1024),
                   .text = LIMN_BUF(LIMN_OUTPUT_MAX),
                   .reach = limn_mask_reach(mask) + 8};
        int r = limn_archive_read(path, on_member, on_bytes, &p, diag);
        if (r == 0)
                r = more(&p, true);
        limn_buf_done(&p.name);
        limn_buf_done(&p.text);
        return r;
}
