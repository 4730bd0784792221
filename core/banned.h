/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Functions that must not be used, included by the compiler before every file (meson.build).
 * Each has a better one named in the message.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets atoi atol atof
#pragma GCC poison gmtime localtime ctime asctime mktime localtime_r mktime tzset
#undef isalpha
#undef isdigit
#undef isalnum
#undef isspace
#undef isupper
#undef islower
#undef tolower
#undef toupper
#pragma GCC poison isalpha isdigit isalnum isspace isupper islower tolower toupper
#pragma GCC poison system popen tmpnam mktemp
#pragma GCC poison setlocale
