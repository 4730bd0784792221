/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* The invented case of case_fixture.sql, in memory, behind a LimnQuery of plain sqlite3: what the
 * reports show is tested without the case file's own code. */
#include "core/query.h"
#include "reports/discover_case.h"

typedef struct CaseFixture CaseFixture;

/* Fails the test when it cannot be made. `more`: SQL to run after, or NULL. `empty`: the schema
 * only. */
CaseFixture *case_fixture_new(bool empty, const char *more);
CaseFixture *case_fixture_free(CaseFixture *fixture);
const LimnQuery *case_fixture_query(const CaseFixture *fixture);
/* Sources of the sizes and with the records that the case speaks of, and lines between them; the
 * table `event` has those. */
LimnSourceBytes case_fixture_bytes(CaseFixture *fixture);
