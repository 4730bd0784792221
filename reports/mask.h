/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Mask: which values leave the site under another name, and which name that is.
 *
 * A value belongs to a class (reports/entities.list says how values are found). Its token is an
 * HMAC of the value under the map's key, so the same value has the same token over the whole case
 * and nobody without the map can try values out. A token keeps the grammar of what it replaces:
 * addresses from 198.18.0.0/15 and 2001:db8::/32, hosts under .invalid, identifiers like
 * db_1a2b3c. Of each value several spellings are known (dashed, underscored, URL-encoded, inside
 * an IPv4-mapped address), longest first, bounded as tokens, ASCII case folded.
 *
 * A value that is a word of the product's or of limn's own text ("data", "status") is masked only
 * where it is quoted, qualified or assigned, and cannot be proved absent: such values are listed.
 *
 * Use: add values, seal, then apply; more may be added, and sealed again. Sealed and untouched, a
 * mask may be shared by threads.
 */
#include <stdint.h>

#include "core/buf.h"
#include "core/diag.h"

typedef enum LimnMaskClass {
#define CLASS(constant, name, prefix, help) LIMN_MASK_##constant,
#include "reports/classes.list"
#undef CLASS
        _LIMN_MASK_MAX,
} LimnMaskClass;

#define LIMN_MASK_ALL ((1u << _LIMN_MASK_MAX) - 1)
#define LIMN_MASK_KEY_BYTES 32

typedef struct LimnMask LimnMask;

typedef struct LimnMaskValue {
        LimnMaskClass class;
        LimnSlice value, token;
        bool common;   /* a word of the product's: masked in context, not provable */
        bool provable; /* long enough to be searched for in encoded form, too */
} LimnMaskValue;

/* "hosts,ips" or "all" into bits of classes. -EINVAL with a message. */
int limn_mask_classes(const char *text, unsigned *ret_classes, LimnDiag *diag);
const char *limn_mask_class_name(LimnMaskClass class);
bool limn_mask_class_find(LimnSlice name, LimnMaskClass *ret);

int limn_mask_new(LimnMask **ret, unsigned classes, const unsigned char key[LIMN_MASK_KEY_BYTES]);
LimnMask *limn_mask_free(LimnMask *mask);
bool limn_mask_wants(const LimnMask *mask, LimnMaskClass class);

/*
 * The value is copied. Ignored: classes not asked for, the product's own names (mysql, root,
 * localhost, loopback addresses), empty and one-byte values, tokens of ours. `db.table` counts as
 * its parts, `host:port` as its host. 0 or -ENOMEM.
 */
int limn_mask_add(LimnMask *mask, LimnMaskClass class, LimnSlice value);
/* A piece of a path, where hosts are masked: as a word, so that it has no dots. Ignored where it
 * is a word of the product's, with or without a number behind it. */
int limn_mask_add_piece(LimnMask *mask, LimnSlice piece);
/* HMAC-SHA-256 under the map's key: in the place of a digest that would let guesses be tried. */
int limn_mask_digest(const LimnMask *mask, const char *purpose, LimnSlice data,
                     unsigned char ret[LIMN_MASK_KEY_BYTES]);
/* As it stands in a map: the token is kept. */
int limn_mask_adopt(LimnMask *mask, LimnMaskClass class, LimnSlice value, LimnSlice token);
/* Gives tokens, in the order of the values, and builds the index. */
int limn_mask_seal(LimnMask *mask);
/* Finds values hidden in runs of base64 or hexadecimal digits and adds the runs as values. */
int limn_mask_add_encoded(LimnMask *mask, LimnSlice text);

/* By class, then value. Valid until the next add. */
size_t limn_mask_n(const LimnMask *mask);
LimnMaskValue limn_mask_at(const LimnMask *mask, size_t i);

/* Appends the text masked; *ret_n (may be NULL) is how many places were. */
int limn_mask_apply(const LimnMask *mask, LimnSlice text, LimnBuf *out, size_t *ret_n);
/* The other way: tokens become values again. */
int limn_mask_undo(const LimnMask *mask, LimnSlice text, LimnBuf *out, size_t *ret_n);

/*
 * The proof. Looks for any provable value, in any spelling and encoding, that begins in
 * text[from, to); what lies around it is context. Its index in *ret; 1 for found, 0 for none,
 * -ENOMEM. `limn_mask_reach()`: how many bytes a spelling, or a run that hides one, has at most.
 */
int limn_mask_leak(const LimnMask *mask, LimnSlice text, size_t from, size_t to, size_t *ret);
size_t limn_mask_reach(const LimnMask *mask);
