/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/item.h"

#include <errno.h>

static int operand_load(LimnItemBuild *build, const LimnYaml *node, bool in_list,
                        LimnOperand **ret)
{
        LimnOperand *operand = limn_arena_new_of(build->arena, LimnOperand, 1);
        if (!operand)
                return -ENOMEM;
        *operand = (LimnOperand){.node = node, .raw = node->scalar};
        *ret = operand;
        if (node->type != LIMN_YAML_SCALAR)
                return limn_yaml_error(build->file, node, build->diag,
                                       "write a text, a number, or a list of them",
                                       "a field's value cannot be a list in a list or a map");
        if (limn_yaml_is_null(node)) {
                operand->type = LIMN_OPERAND_NULL;
                if (in_list)
                        return limn_yaml_error(build->file, node, build->diag,
                                               "give it a search of its own and join the two with "
                                               "`or`, or negate that with `not`",
                                               "null may not stand in a list");
                return 0;
        }
        long long integer;
        double real;
        if (limn_yaml_bool(node, &operand->flag)) {
                operand->type = LIMN_OPERAND_BOOL;
        } else if (node->plain && limn_number(node->scalar, &operand->number)) {
                operand->type = LIMN_OPERAND_NUMBER;
        } else if (limn_yaml_int(node, &integer)) {
                operand->type = LIMN_OPERAND_NUMBER; /* 0x1f */
                operand->number = LIMN_NUMBER_OF(integer);
        } else if (limn_yaml_real(node, &real)) {
                return limn_yaml_error(build->file, node, build->diag, "put it in quotes",
                                       "not a number that a log could hold");
        }
        return limn_text_parse(&operand->text, node->scalar, build->arena);
}

static int operands_load(LimnItemBuild *build, const LimnYaml *values)
{
        LimnItem *item = build->item;
        bool list = values->type == LIMN_YAML_LIST;
        size_t n = list ? values->n : 1;
        if (n == 0)
                return limn_yaml_error(build->file, values, build->diag, NULL,
                                       "an empty list matches nothing");
        item->operands = limn_arena_new_of(build->arena, LimnOperand *, n);
        if (!item->operands)
                return -ENOMEM;
        int result = 0;
        const LimnYaml *node = list ? values->child : values;
        for (; node; node = list ? node->next : NULL) {
                int r = operand_load(build, node, list && n > 1,
                                     &item->operands[item->n_operands++]);
                if (r == -ENOMEM)
                        return r;
                if (r < 0)
                        result = r;
        }
        return result;
}

static size_t count_modifiers(LimnSlice rest)
{
        size_t n = 0;
        for (size_t i = 0; i < rest.n; i++)
                n += rest.p[i] == '|';
        return n;
}

static int modifiers_apply(LimnItemBuild *build, LimnSlice rest)
{
        build->n_modifiers = count_modifiers(rest);
        while (rest.n) {
                rest = limn_slice_from(rest, 1); /* the bar */
                size_t end = limn_slice_chr(rest, '|');
                LimnSlice name = limn_slice_to(rest, end);
                rest = limn_slice_from(rest, end);
                const LimnOp *op = limn_op_find(name);
                if (!op)
                        return limn_yaml_error(build->file, build->item->node, build->diag,
                                               "the modifiers: all base64 base64offset cased cidr "
                                               "contains endswith exists expand fieldref gt gte "
                                               "lt lte neq re (i, m, s) startswith utf16 utf16be "
                                               "utf16le wide windash minute hour day week month "
                                               "year",
                                               "unknown modifier \"%.*s\"", LIMN_FMT(name));
                build->self = op;
                if ((op->flags & LIMN_OP_FIRST) && build->position > 0)
                        return limn_op_error(build, NULL, NULL, "must be the first modifier");
                if ((op->flags & LIMN_OP_ALONE) && build->n_modifiers > 1)
                        return limn_op_error(build, NULL, NULL, "must be the only modifier");
                if ((op->flags & LIMN_OP_NO_KEYWORD) && !build->item->field.name.p)
                        return limn_op_error(build, NULL, NULL, "needs a field");
                int r = op->compile(build);
                if (r < 0)
                        return r;
                build->position++;
        }
        return 0;
}

static int keyword(LimnItemBuild *build, LimnOperand *operand)
{
        if (operand->type == LIMN_OPERAND_NULL || operand->raw.n == 0)
                return limn_yaml_error(build->file, operand->node, build->diag, NULL,
                                       "an empty keyword would match every record");
        operand->type = LIMN_OPERAND_TEXT;
        return limn_text_open(&operand->text, true, true, build->arena);
}

static int finish(LimnItemBuild *build, LimnOperand *operand)
{
        const LimnOp *op = build->item->op;
        if (operand->type == LIMN_OPERAND_NULL && op == &limn_op_equals)
                return 0;
        return op->operand ? op->operand(build, operand) : 0;
}

int limn_item_load(const LimnItem **ret, LimnRules *rules, const LimnYamlFile *file, LimnSlice key,
                   const LimnYaml *values, LimnDiag *diag)
{
        LimnItem *item = limn_arena_new_of(rules->arena, LimnItem, 1);
        if (!item)
                return -ENOMEM;
        LimnItemBuild build = {
                .item = item, .rules = rules, .file = file, .arena = rules->arena, .diag = diag};
        /* What is wrong with a modifier is shown at the key, where it stands. */
        LimnYaml *at_key = limn_arena_new_of(rules->arena, LimnYaml, 1);
        if (!at_key)
                return -ENOMEM;
        *at_key = *values;
        if (key.p)
                at_key->type = LIMN_YAML_MAP;
        item->node = at_key;
        size_t bar = key.p ? limn_slice_chr(key, '|') : 0;
        LimnSlice name = limn_slice_to(key, bar);
        if (name.n)
                item->field = limn_field_ref(name);
        int r = operands_load(&build, values);
        if (r < 0)
                return r;
        r = modifiers_apply(&build, limn_slice_from(key, bar));
        if (r < 0)
                return r;
        if (!item->op) {
                item->op = &limn_op_equals;
                r = name.n ? 0 : limn_op_each(&build, keyword);
                if (r < 0)
                        return r;
        }
        build.self = item->op;
        r = limn_op_each(&build, finish);
        if (r < 0)
                return r;
        *ret = item;
        return 0;
}

LimnVerdict limn_item_compare(const LimnItem *item, const LimnOperand *operand, LimnSlice value,
                              const LimnEvent *event, LimnRegexScratch *scratch)
{
        LimnVerdict result = LIMN_NO;
        if (!value.p)
                return LIMN_NO;
        for (; operand; operand = operand->alternative) {
                LimnVerdict v = item->op->match(item, operand, value, event, scratch);
                if (v == LIMN_YES)
                        return v;
                if (v == LIMN_UNKNOWN)
                        result = v;
        }
        return result;
}

static LimnVerdict either(LimnVerdict a, LimnVerdict b)
{
        return a == LIMN_YES || b == LIMN_YES           ? LIMN_YES
               : a == LIMN_UNKNOWN || b == LIMN_UNKNOWN ? LIMN_UNKNOWN
                                                        : LIMN_NO;
}

bool limn_item_value(LimnItemValues *values, LimnSlice *ret)
{
        const LimnEvent *event = values->walk.event;

        if (!values->keywords)
                return limn_field_next(&values->walk, ret);
        /* Keywords: in the bytes of the record, or in any of its values once they are decoded. */
        const LimnSlice first[] = {event->text.p ? event->text : event->record, event->message,
                                    event->logger};
        for (; values->next < 3 + event->n_fields; values->next++) {
                *ret = values->next < 3 ? first[values->next]
                                        : event->fields[values->next - 3].value;
                if (ret->p) {
                        values->next++;
                        return true;
                }
        }
        return false;
}

LimnVerdict limn_item_operand(const LimnItem *item, const LimnOperand *operand,
                              const LimnEvent *event, LimnRegexScratch *scratch)
{
        LimnItemValues values = LIMN_ITEM_VALUES(item, event);
        LimnSlice value;
        LimnVerdict result = LIMN_NO;
        if (operand->type == LIMN_OPERAND_NULL) {
                if (!limn_item_value(&values, &value))
                        return LIMN_YES;
                do
                        if (!value.p)
                                return LIMN_YES;
                while (limn_item_value(&values, &value));
                return LIMN_NO;
        }
        while (result != LIMN_YES && limn_item_value(&values, &value))
                result = either(result, limn_item_compare(item, operand, value, event, scratch));
        return result;
}

static LimnVerdict list_match(const LimnItem *item, const LimnEvent *event,
                              LimnRegexScratch *scratch)
{
        bool unknown = false;
        for (size_t i = 0; i < item->n_operands; i++) {
                LimnVerdict v = limn_item_operand(item, item->operands[i], event, scratch);
                if (v == (item->all ? LIMN_NO : LIMN_YES))
                        return v;
                unknown |= v == LIMN_UNKNOWN;
        }
        return unknown ? LIMN_UNKNOWN : item->all ? LIMN_YES : LIMN_NO;
}

LimnVerdict limn_item_match(const LimnItem *item, const LimnEvent *event,
                            LimnRegexScratch *scratch)
{
        if (!item->op->match) {
                /* exists, the one comparison that needs no value */
                LimnFieldWalk walk = LIMN_FIELD_WALK(&item->field, event);
                LimnSlice value;
                return limn_field_next(&walk, &value) == item->operands[0]->flag ? LIMN_YES
                                                                                 : LIMN_NO;
        }
        LimnVerdict v = list_match(item, event, scratch);
        if (!item->negate || v == LIMN_UNKNOWN)
                return v;
        return v == LIMN_YES ? LIMN_NO : LIMN_YES;
}
