/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Op: one Sigma modifier each, one file each (rules/op_*.c), listed in rules/ops.list.
 *
 * An item is one `Field|modifier|modifier: values` of a search. Its modifiers are applied from
 * left to right: each row's `compile` changes the operands (contains adds wildcards, base64
 * encodes), sets a flag of the item (all, cased), or makes itself the item's comparison (re,
 * cidr, lt). Then the comparison's `operand` is called for each value, once. At match time only
 * the comparison's `match` runs.
 *
 * To add a modifier: copy rules/op_cidr.c, add a line to rules/ops.list and one to
 * rules/meson.build, and rows to tests/unit/test_sigma_match.c.
 */
#include "core/regex.h"
#include "rules/field.h"
#include "rules/kinds.h"
#include "rules/value.h"

/* The answer of a comparison, and of a whole condition. */
typedef enum LimnVerdict {
        LIMN_NO,
        LIMN_YES,
        LIMN_UNKNOWN, /* a regex limit was reached */
} LimnVerdict;

typedef struct LimnOp LimnOp;

typedef struct LimnOperand LimnOperand;
struct LimnOperand {
        enum LimnOperandType {
                LIMN_OPERAND_TEXT,
                LIMN_OPERAND_NUMBER,
                LIMN_OPERAND_BOOL,
                LIMN_OPERAND_NULL,
        } type;
        const LimnYaml *node;
        LimnSlice raw; /* as written */
        LimnText text; /* while modifiers are applied; of all types but NULL */
        bool flag;     /* of BOOL */
        LimnNumber number;
        LimnOperand *alternative; /* what one value became several of (base64offset): OR */

        /* What the comparison made of it. */
        LimnPattern pattern;
        LimnRegex *regex;
        LimnFieldRef field;
        struct LimnNet {
                int family;
                unsigned bits;
                unsigned char address[16];
        } net;
};

typedef struct LimnItem {
        LimnFieldRef field; /* name.p NULL: keywords, searched in everything */
        const LimnOp *op;   /* the comparison */
        LimnOperand **operands;
        size_t n_operands;
        bool all;    /* every operand must be met; else any */
        bool negate; /* neq: of the whole list */
        bool cased;
        bool before, behind;  /* endswith, startswith, contains: for re and fieldref */
        unsigned regex_flags; /* LIMN_REGEX_* */
        int part;             /* minute ... year: LIMN_PART_*, 0 none */
        const LimnYaml *node;
} LimnItem;

enum { LIMN_PART_MINUTE = 1, LIMN_PART_HOUR, LIMN_PART_DAY, LIMN_PART_WEEK, LIMN_PART_MONTH,
       LIMN_PART_YEAR };

/* An item while its modifiers are applied. */
typedef struct LimnItemBuild {
        LimnItem *item;
        LimnRules *rules;
        const LimnYamlFile *file;
        LimnArena *arena;
        LimnDiag *diag;
        const LimnOp *self; /* the modifier being applied */
        size_t position, n_modifiers;
} LimnItemBuild;

enum {
        LIMN_OP_FIRST = 1 << 0,   /* must be the first modifier */
        LIMN_OP_ALONE = 1 << 1,   /* must be the only one */
        LIMN_OP_NO_KEYWORD = 1 << 2, /* needs a field name */
};

struct LimnOp {
        const char *name;
        const char *help; /* one line, for `limn rules show` and docs/rules.md */
        unsigned flags;
        /* 0, -EINVAL with an error, -ENOMEM. */
        int (*compile)(LimnItemBuild *build);
        /* For comparisons. `operand` may be NULL. */
        int (*operand)(LimnItemBuild *build, LimnOperand *operand);
        /* One value of the event against one operand; value.p is never NULL. */
        LimnVerdict (*match)(const LimnItem *item, const LimnOperand *operand, LimnSlice value,
                             const LimnEvent *event, LimnRegexScratch *scratch);
};

extern const LimnOp *const limn_ops[]; /* ends with NULL */
const LimnOp *limn_op_find(LimnSlice name);

/* The comparisons that no modifier names: rules/op_equals.c. */
extern const LimnOp limn_op_equals;

/* Makes build->self the comparison; an error when another one is set already. */
int limn_op_compare(LimnItemBuild *build);
/* An error at the operand (or the item, NULL) that begins with the modifier's name. */
int limn_op_error(LimnItemBuild *build, const LimnOperand *operand, const char *help,
                  const char *what, ...) __attribute__((format(printf, 4, 5)));
/* Calls `change` for each operand and each alternative; stops at the first that is not 0. */
int limn_op_each(LimnItemBuild *build, int (*change)(LimnItemBuild *build, LimnOperand *operand));
/* The operand's bytes for an encoding; an error when it has wildcards. */
int limn_op_bytes(LimnItemBuild *build, LimnOperand *operand, LimnSlice *ret);
/* A new operand like `operand` with another text. NULL: no memory. */
LimnOperand *limn_op_variant(LimnItemBuild *build, const LimnOperand *operand, LimnSlice bytes);
