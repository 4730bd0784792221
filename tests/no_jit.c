/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded under valgrind: PCRE2's generated code reads whole vectors past the end of a string
 * (within its page), which valgrind cannot tell from a mistake and cannot name in a suppression.
 * Without the JIT the interpreter runs, whose reads are checked in full.
 */
#include <stddef.h>
#include <stdint.h>

int pcre2_jit_compile_8(void *code, uint32_t options);
int pcre2_jit_compile_8(void *code, uint32_t options)
{
        return -45; /* PCRE2_ERROR_JIT_BADOPTION: what a build without the JIT says */
}
