/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Reading a diagnosis document: what its parts share (rules/diagnosis.c, diagnosis_term.c). */
#include "rules/diagnosis.h"

/* What one load needs everywhere. Functions return 0, -EINVAL (said) or -ENOMEM. */
typedef struct LimnDiagnosisLoad {
        const LimnYamlFile *file;
        LimnArena *arena;
        LimnDiag *diag;
} LimnDiagnosisLoad;

int limn_diagnosis_fail(LimnDiagnosisLoad *l, const LimnYaml *node, const char *help,
                        const char *what);
int limn_diagnosis_text(LimnDiagnosisLoad *l, const LimnYaml *map, const char *key, bool required,
                        LimnSlice *ret);
int limn_diagnosis_template(LimnDiagnosisLoad *l, const LimnYaml *map, const char *key,
                            LimnTemplate *ret);
/* "any" is LIMN_TIME_NONE. */
int limn_diagnosis_duration(LimnDiagnosisLoad *l, const LimnYaml *map, const char *key,
                            LimnDuration *ret);
/* A scalar, or a list of them. */
int limn_diagnosis_names(LimnDiagnosisLoad *l, const LimnYaml *map, const char *key,
                         const LimnSlice **ret, size_t *ret_n);
int limn_diagnosis_severity(LimnDiagnosisLoad *l, const LimnYaml *map, bool required,
                            LimnSlice *ret);
/* A list of terms; nothing where there is none. */
int limn_diagnosis_terms(LimnDiagnosisLoad *l, const LimnYaml *map, const char *key,
                         const LimnTerm **ret, size_t *ret_n);
