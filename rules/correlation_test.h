/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A correlation's own tests: streams of events and the episodes they must give, and no others.
 *
 *     tests:
 *       - events:
 *           - {rule: gateway_lost, t: 0, gateway: gw-1}         # t: seconds, or hh:mm:ss[.ffffff]
 *           - {rule: server_start, t: "00:00:04", source: b}    # source: any word
 *         episodes:
 *           - {first: 0, last: 4, n: 2, ambiguous: false, group: {gateway: gw-1}}
 *
 * Of an event `rule` and `t` are needed (t: null is a hit without a time); `source` (who wrote it,
 * all the same by default), `instance` (a number) and `uncertainty` (seconds) are the hit's own;
 * everything else is a field. Events come in any order. Of an episode first and last are needed;
 * n, ambiguous, not_observable and group are compared where they are given. An empty list of
 * episodes: none. `covered: [{from, to, product, service, instance}]` says when which logs were
 * there, without a product all of them; not said: from the first event to the last.
 */
#include "rules/correlation.h"

/*
 * Runs rule->tests. *ret_run counts them, *ret_failed those that did not give what they say, each
 * with an error that points at it. 0, -EINVAL when a test cannot be read, -ENOMEM.
 */
int limn_correlation_test(const LimnRules *rules, const LimnCorrelation *rule, size_t *ret_run,
                          size_t *ret_failed, LimnDiag *diag);
