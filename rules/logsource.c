/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "rules/kinds.h"

int limn_logsource_load(LimnLogsource *ret, const LimnYamlFile *file, const LimnYaml *doc,
                        const char *kind, LimnDiag *diag)
{
        const LimnYaml *logsource = limn_yaml_get(doc, "logsource");
        LimnLogsource found = {.node = logsource};
        struct {
                const char *key;
                LimnSlice *to;
        } keys[] = {{"category", &found.category},
                    {"product", &found.product},
                    {"service", &found.service}};
        bool any = false;

        if (!logsource)
                return limn_yaml_error(file, doc, diag,
                                       "like `logsource: {product: mysql, service: error}`",
                                       "%s has no logsource", kind);
        for (size_t i = 0; i < 3; i++) {
                const LimnYaml *node = limn_yaml_get(logsource, keys[i].key);

                if (!node || limn_yaml_is_null(node))
                        continue;
                if (node->type != LIMN_YAML_SCALAR || node->scalar.n == 0)
                        return limn_yaml_error(file, node, diag, NULL, "%s must be a text",
                                               keys[i].key);
                *keys[i].to = node->scalar;
                any = true;
        }
        if (!any)
                return limn_yaml_error(file, logsource, diag,
                                       "like {product: mysql, service: error}",
                                       "logsource needs a category, product or service");
        *ret = found;
        return 0;
}
