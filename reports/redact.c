/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/redact.h"

#include <errno.h>
#include <stdlib.h>

#include "core/ascii.h"
#include "core/limits.h"
#include "core/regex.h"
#include "reports/redact_needs.h"

#define SECRET(name, needs, re, match, masked, keep) {name, needs, re, match, masked, keep},
const LimnSecret limn_secrets[] = {
#include "reports/secrets.list"
        {NULL, NULL, NULL, NULL, NULL, NULL},
};
#undef SECRET

#define N_SECRETS (sizeof limn_secrets / sizeof *limn_secrets - 1)

struct LimnRedact {
        LimnRegex *regex[N_SECRETS];
        LimnNeeds needs;
        bool everywhere; /* needs are not asked */
        const LimnMask *mask;
        /* Kept from text to text; not what it answers. */
        struct Work {
                LimnRegexScratch *scratch;
                LimnBuf from, to;
        } *work;
};

_Static_assert(N_SECRETS <= LIMN_NEEDS_ROWS, "a bit for each row");

int limn_redact_new(LimnRedact **ret, LimnDiag *diag)
{
        LimnRedact *redact = calloc(1, sizeof *redact);
        if (!redact)
                return -ENOMEM;
        redact->work = calloc(1, sizeof *redact->work);
        if (redact->work) {
                redact->work->scratch = limn_regex_scratch_new();
                redact->work->from = LIMN_BUF(LIMN_OUTPUT_MAX);
                redact->work->to = LIMN_BUF(LIMN_OUTPUT_MAX);
        }
        int r = redact->work && redact->work->scratch ? 0 : -ENOMEM;
        for (unsigned i = 0; r == 0 && i < N_SECRETS; i++) {
                r = limn_regex_new(&redact->regex[i], limn_slice_str(limn_secrets[i].re), 0, diag);
                if (r == 0)
                        r = limn_needs_add(&redact->needs, i,
                                           limn_slice_str(limn_secrets[i].needs));
        }
        if (r < 0) {
                limn_redact_free(redact);
                return r;
        }
        *ret = redact;
        return 0;
}

LimnRedact *limn_redact_free(LimnRedact *redact)
{
        if (!redact)
                return NULL;
        for (size_t i = 0; i < N_SECRETS; i++)
                limn_regex_free(redact->regex[i]);
        if (redact->work) {
                limn_regex_scratch_free(redact->work->scratch);
                limn_buf_done(&redact->work->from);
                limn_buf_done(&redact->work->to);
                free(redact->work);
        }
        free(redact);
        return NULL;
}

void limn_redact_names(LimnRedact *redact, const LimnMask *mask)
{
        redact->mask = mask;
}

void limn_redact_everywhere(LimnRedact *redact)
{
        redact->everywhere = true;
}

const LimnMask *limn_redact_mask(const LimnRedact *redact)
{
        return redact->mask;
}

/* The group that took part: the alternatives of a row name one each. */
static LimnSlice secret_of(const LimnRegex *regex, const LimnRegexScratch *scratch, LimnSlice s)
{
        for (size_t i = 0; i < limn_regex_names(regex); i++) {
                LimnSlice group = limn_regex_group(regex, scratch, s, i);
                if (group.p && group.n)
                        return group;
        }
        return LIMN_NONE;
}

/* Out stays empty when there is none. */
static int apply(const LimnRegex *regex, LimnRegexScratch *scratch, LimnSlice text, LimnBuf *out,
                 size_t *masked)
{
        LimnSlice rest = text;
        while (rest.n) {
                int r = limn_regex_match(regex, scratch, rest);
                if (r < 0)
                        return r;
                if (r == LIMN_REGEX_LIMIT) {
                        /* Whether a secret is in there is unknown, so nothing of it leaves. */
                        (*masked)++;
                        limn_buf_add_str(out, LIMN_SECRET_MASK);
                        return out->error;
                }
                if (r == LIMN_REGEX_NO)
                        break;
                LimnSlice secret = secret_of(regex, scratch, rest);
                if (!secret.p)
                        break;
                size_t before = (size_t)(secret.p - rest.p);
                limn_buf_add(out, limn_slice_to(rest, before));
                if (!limn_slice_eq(secret, LIMN_S(LIMN_SECRET_MASK)))
                        (*masked)++;
                limn_buf_add_str(out, LIMN_SECRET_MASK);
                rest = limn_slice_from(rest, before + secret.n);
        }
        if (rest.n < text.n)
                limn_buf_add(out, rest);
        return out->error;
}

/* Masks row by row; *text is what is left, in the work's own buffers once a secret was found. */
static int secrets(const LimnRedact *redact, LimnSlice *text, size_t *masked)
{
        struct Work *w = redact->work;
        uint64_t rows = redact->everywhere ? UINT64_MAX : limn_needs_find(&redact->needs, *text);
        for (size_t i = 0; rows >> i && i < N_SECRETS; i++) {
                if (!(rows >> i & 1))
                        continue;
                limn_buf_clear(&w->to);
                int r = apply(redact->regex[i], w->scratch, *text, &w->to, masked);
                if (r < 0)
                        return r;
                if (w->to.n == 0 && text->n)
                        continue; /* as it was */
                LimnBuf swap = w->from;
                w->from = w->to;
                w->to = swap;
                *text = limn_buf_slice(&w->from);
                rows = UINT64_MAX; /* other text: what it has was not looked for */
        }
        return 0;
}

int limn_redact(const LimnRedact *redact, LimnSlice text, LimnBuf *out, size_t *ret_masked)
{
        size_t masked = 0, names = 0;
        int r = text.n > LIMN_OUTPUT_MAX ? -E2BIG : secrets(redact, &text, &masked);
        if (r == 0)
                r = redact->mask ? limn_mask_apply(redact->mask, text, out, &names)
                                 : limn_buf_add(out, text);
        if (r < 0) {
                /* A buffer that failed stays failed. */
                limn_buf_done(&redact->work->from);
                limn_buf_done(&redact->work->to);
                redact->work->from = LIMN_BUF(LIMN_OUTPUT_MAX);
                redact->work->to = LIMN_BUF(LIMN_OUTPUT_MAX);
        }
        if (r == 0 && ret_masked)
                *ret_masked = masked + names;
        return r;
}

bool limn_redact_is_secret_name(LimnSlice name)
{
        static const char *const parts[] = {"password",   "passwd",     "passphrase", "secret",
                                            "api_key",    "apikey",     "access_key", "token",
                                            "private_key", "credential", "auth_string",
                                            "authentication_string"};
        /* Settings about passwords that are none. */
        static const char *const harmless[] = {"validate_password", "default_password_lifetime",
                                               "password_history", "password_reuse",
                                               "password_require", "report_password_set",
                                               "simple_password_check", "mysql_native_password",
                                               "sha256_password_", "strict_password",
                                               "disconnect_on_expired_password", "token_bucket",
                                               "max_password_errors", "generated_random_password",
                                               "old_passwords"};
        LimnBuf flat = LIMN_BUF(256);
        for (size_t i = 0; i < name.n && i < 255; i++)
                limn_buf_add_char(&flat, name.p[i] == '-' ? '_' : limn_ascii_lower(name.p[i]));
        LimnSlice s = limn_buf_slice(&flat);
        bool secret = false;
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
                LimnSlice part = limn_slice_str(parts[i]);
                secret = secret || limn_slice_find(s, part) < s.n;
        }
        for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
                if (limn_slice_find(s, limn_slice_str(harmless[i])) < s.n)
                        secret = false;
        limn_buf_done(&flat);
        return secret;
}
