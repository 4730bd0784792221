/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Values for rows of the case: NULL where there is nothing to say. */
#include "core/query.h"
#include "core/time.h"

static inline LimnValue limn_value_time(LimnTime t)
{
        return t == LIMN_TIME_NONE ? (LimnValue){.type = LIMN_VALUE_NULL} : LIMN_VALUE_OF_INT(t);
}

static inline LimnValue limn_value_id(int64_t id)
{
        return id ? LIMN_VALUE_OF_INT(id) : (LimnValue){.type = LIMN_VALUE_NULL};
}

static inline LimnValue limn_value_real(double d)
{
        return (LimnValue){.type = LIMN_VALUE_REAL, .d = d};
}
