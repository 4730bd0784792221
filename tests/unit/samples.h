/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The samples of all formats (samples/formats/<format>/<case>.log), read into memory. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "parsers/registry.h"
#include "parsers/wrapped.h"

#define SAMPLES_MAX 256

typedef struct Sample {
        const LimnFormat *format;
        char name[512]; /* <case>.log */
        char path[1024];
        char *text;
        size_t n;
} Sample;

typedef struct Samples {
        Sample at[SAMPLES_MAX];
        size_t n;
} Samples;

static char *sample_read(const char *path, size_t *ret_n)
{
        FILE *f = fopen(path, "rb");
        char *text = NULL;
        long n = 0;

        if (!f || fseek(f, 0, SEEK_END) < 0 || (n = ftell(f)) < 0)
                fail_msg("cannot read %s", path);
        rewind(f);
        text = malloc((size_t)n + 1);
        assert_non_null(text);
        *ret_n = fread(text, 1, (size_t)n, f);
        assert_int_equal(*ret_n, n);
        text[n] = 0;
        fclose(f);
        return text;
}

static int sample_compare(const void *a, const void *b)
{
        return strcmp(((const Sample *)a)->path, ((const Sample *)b)->path);
}

static void samples_of(Samples *samples, const char *root, const LimnFormat *format, bool must)
{
        char folder[600];
        struct dirent *entry;

        snprintf(folder, sizeof folder, "%s/samples/formats/%s", root, format->name);
        DIR *dir = opendir(folder);
        if (!dir && !must)
                return;
        if (!dir)
                fail_msg("%s has no samples: %s is missing", format->name, folder);
        size_t before = samples->n;
        while ((entry = readdir(dir))) {
                size_t n = strlen(entry->d_name);
                if (n < 4 || strcmp(entry->d_name + n - 4, ".log") != 0)
                        continue;
                assert_true(samples->n < SAMPLES_MAX);
                Sample *s = &samples->at[samples->n++];
                s->format = format;
                snprintf(s->name, sizeof s->name, "%s", entry->d_name);
                snprintf(s->path, sizeof s->path, "%s/%s", folder, entry->d_name);
                s->text = sample_read(s->path, &s->n);
        }
        closedir(dir);
        if (samples->n == before)
                fail_msg("%s has no samples", format->name);
}

static int samples_load(void **state)
{
        const char *root = getenv("LIMN_SOURCE_ROOT");
        Samples *samples = calloc(1, sizeof *samples);

        assert_non_null(root);
        assert_non_null(samples);
        for (size_t i = 0; limn_formats[i]; i++)
                samples_of(samples, root, limn_formats[i], true);
        for (size_t i = 0; limn_wrapped_formats[i]; i++)
                samples_of(samples, root, limn_wrapped_formats[i], false);
        qsort(samples->at, samples->n, sizeof *samples->at, sample_compare);
        *state = samples;
        return 0;
}

static int samples_free(void **state)
{
        Samples *samples = *state;

        for (size_t i = 0; i < samples->n; i++)
                free(samples->at[i].text);
        free(samples);
        return 0;
}
