/* SPDX-License-Identifier: Apache-2.0 */
#include "db/case_private.h"

int limn_case_enable_events(LimnCase *c, LimnFormatFind find, LimnDiag *diag)
{
        int rc = limn_event_register(c->db, find, &c->events);

        c->find = find;
        return rc == SQLITE_OK ? 0 : limn_case_fail(c, rc, "set up the event table", diag);
}
