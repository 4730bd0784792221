/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/wrapped.h"

#include "parsers/wrapped_inner.h"

static LimnBid no_bid(LimnSlice head, bool whole)
{
        return LIMN_BID_NO; /* limn_wrapped_detect() speaks for all of them */
}

#define X(wrapper, inner_, product_, service_, steady_)                                         \
        static size_t frame_##wrapper##_##inner_(LimnSlice bytes, bool last, void *state)       \
        {                                                                                       \
                return limn_wrapped_frame(&limn_wrapper_##wrapper, &limn_format_##inner_,       \
                                          bytes, last, state);                                  \
        }                                                                                       \
        static int parse_##wrapper##_##inner_(LimnSlice record, LimnParse *parse,               \
                                              LimnEvent *ret)                                   \
        {                                                                                       \
                return limn_wrapped_parse(&limn_wrapper_##wrapper, &limn_format_##inner_,       \
                                          record, parse, ret);                                  \
        }                                                                                       \
        static const LimnFormat format_##wrapper##_##inner_ = {                                 \
                .name = #wrapper "+" #inner_,                                                   \
                .title = #inner_ " within " #wrapper,                                           \
                .version = 2,                                                                   \
                .product = product_,                                                            \
                .service = service_,                                                            \
                .steady = steady_,                                                              \
                .bid = no_bid,                                                                  \
                .frame = frame_##wrapper##_##inner_,                                            \
                .frame_state_size = sizeof(LimnWrapperMemory),                                  \
                .state_size = LIMN_WRAPPED_STATE,                                               \
                .parse = parse_##wrapper##_##inner_,                                            \
        };
#define ALL(wrapper) LIMN_INNERS(X, wrapper)
LIMN_WRAPPERS(ALL)
#undef X
#undef ALL

const LimnFormat *const limn_wrapped_formats[] = {
#define X(wrapper, inner, product, service, steady) &format_##wrapper##_##inner,
#define ALL(wrapper) LIMN_INNERS(X, wrapper)
        LIMN_WRAPPERS(ALL)
#undef ALL
#undef X
        NULL,
};

static const struct {
        const LimnWrapper *wrapper;
        const LimnFormat *inner, *format;
} pairs[] = {
#define X(wrapper, inner, product, service, steady) \
        {&limn_wrapper_##wrapper, &limn_format_##inner, &format_##wrapper##_##inner},
#define ALL(wrapper) LIMN_INNERS(X, wrapper)
        LIMN_WRAPPERS(ALL)
#undef ALL
#undef X
};

const LimnFormat *limn_wrapped_pair(const LimnWrapper *wrapper, const LimnFormat *inner)
{
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
                if (pairs[i].wrapper == wrapper && pairs[i].inner == inner)
                        return pairs[i].format;
        return NULL;
}

bool limn_wrapped_is_loose(const LimnFormat *format)
{
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
                if (pairs[i].format == format)
                        return pairs[i].wrapper->needs_inner;
        return false;
}
