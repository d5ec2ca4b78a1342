/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <string.h>

#include "base/buffer.h"

#if defined(__x86_64__) && !defined(HASH_PORTABLE)
#define HASH_BY_INSTRUCTIONS
#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>
#endif

static const uint32_t round_constant[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate_right(uint32_t x, int k)
{
    return (x >> k) | (x << (32 - k));
}

static void expand_block(const unsigned char block[64], uint32_t w[64])
{
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        uint32_t s0 = rotate_right(a, 7) ^ rotate_right(a, 18) ^ (a >> 3);
        uint32_t s1 = rotate_right(b, 17) ^ rotate_right(b, 19) ^ (b >> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
}

static uint32_t choose(uint32_t e, uint32_t f, uint32_t g)
{
    return g ^ (e & (f ^ g));
}

static uint32_t majority(uint32_t a, uint32_t b, uint32_t c)
{
    return (a & b) | (c & (a | b));
}

static uint32_t sum_low(uint32_t a)
{
    return rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22);
}

static uint32_t sum_high(uint32_t e)
{
    return rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25);
}

/* One of the 64 rounds. The eight words are named in turn instead of being moved along. */
#define ROUND(a, b, c, d, e, f, g, h, i)                                             \
    do {                                                                             \
        uint32_t t1 = (h) + sum_high(e) + choose(e, f, g) + round_constant[i] + w[i]; \
        (d) += t1;                                                                   \
        (h) = t1 + sum_low(a) + majority(a, b, c);                                   \
    } while (0)

static void mix_portably(uint32_t state[8], const unsigned char block[64])
{
    uint32_t w[64];
    expand_block(block, w);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; i += 8) {
        ROUND(a, b, c, d, e, f, g, h, i);
        ROUND(h, a, b, c, d, e, f, g, i + 1);
        ROUND(g, h, a, b, c, d, e, f, i + 2);
        ROUND(f, g, h, a, b, c, d, e, i + 3);
        ROUND(e, f, g, h, a, b, c, d, i + 4);
        ROUND(d, e, f, g, h, a, b, c, i + 5);
        ROUND(c, d, e, f, g, h, a, b, i + 6);
        ROUND(b, c, d, e, f, g, h, a, i + 7);
    }
    const uint32_t mixed[8] = {a, b, c, d, e, f, g, h};
    for (int i = 0; i < 8; i++) state[i] += mixed[i];
}

#ifdef HASH_BY_INSTRUCTIONS

/* Four rounds at a time by the instructions that most processors have for it, several times as
 * fast. The eight words lie in two registers as a, b, e, f and c, d, g, h. */
__attribute__((target("sha,sse4.1"))) static void mix_by_instructions(uint32_t state[8],
                                                                      const unsigned char block[64])
{
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i *place = (__m128i *)state;
    __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128(&place[0]), 0xb1);
    __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(&place[1]), 0x1b);
    __m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
    __m128i start_abef = abef, start_cdgh = cdgh, w[4] = {0};
    for (int i = 0; i < 16; i++) {
        __m128i *now = &w[i % 4];
        __m128i one = w[(i + 1) % 4], two = w[(i + 2) % 4], three = w[(i + 3) % 4];
        if (i < 4) {
            *now = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)block + i), big_endian);
        } else {
            __m128i part = _mm_sha256msg1_epu32(*now, one);
            part = _mm_add_epi32(part, _mm_alignr_epi8(three, two, 4));
            *now = _mm_sha256msg2_epu32(part, three);
        }
        __m128i sum = _mm_add_epi32(*now, _mm_loadu_si128((const __m128i *)round_constant + i));
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
    }
    __m128i feba = _mm_shuffle_epi32(_mm_add_epi32(abef, start_abef), 0x1b);
    __m128i dchg = _mm_shuffle_epi32(_mm_add_epi32(cdgh, start_cdgh), 0xb1);
    _mm_storeu_si128(&place[0], _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128(&place[1], _mm_alignr_epi8(dchg, feba, 8));
}

static bool has_instructions(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1)) return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

static void mix_block(uint32_t state[8], const unsigned char block[64])
{
    enum { NOT_ASKED, YES, NO };
    static _Atomic int answer;
    int able = atomic_load_explicit(&answer, memory_order_relaxed);
    if (able == NOT_ASKED) {
        able = has_instructions() ? YES : NO;
        atomic_store_explicit(&answer, able, memory_order_relaxed);
    }
    if (able == YES) mix_by_instructions(state, block);
    else mix_portably(state, block);
}

#else

static void mix_block(uint32_t state[8], const unsigned char block[64])
{
    mix_portably(state, block);
}

#endif

void hash_init(struct hash_state *state)
{
    *state = (struct hash_state){
        .h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
              0x5be0cd19}};
}

void hash_add(struct hash_state *state, struct str bytes)
{
    while (bytes.n > 0) {
        size_t used = state->total_bytes % 64;
        size_t part = bytes.n < 64 - used ? bytes.n : 64 - used;
        memcpy(state->block + used, bytes.p, part);
        state->total_bytes += part;
        bytes = str_sub(bytes, part, bytes.n);
        if (used + part == 64) mix_block(state->h, state->block);
    }
}

struct hash hash_finish(struct hash_state *state)
{
    /* A one bit, zeros up to eight bytes before the end of a block, the number of bits. */
    uint64_t bits = state->total_bytes * 8;
    size_t used = state->total_bytes % 64;
    size_t zeros_end = used < 56 ? 56 - used : 120 - used;
    char padding[128] = {(char)0x80};
    for (size_t i = 0; i < 8; i++) padding[zeros_end + i] = (char)(bits >> (56 - 8 * i));
    hash_add(state, (struct str){padding, zeros_end + 8});
    struct hash hash;
    for (int i = 0; i < HASH_BYTES; i++)
        hash.byte[i] = (unsigned char)(state->h[i / 4] >> (24 - 8 * (i % 4)));
    return hash;
}

struct hash hash_of(struct str bytes)
{
    struct hash_state state;
    hash_init(&state);
    hash_add(&state, bytes);
    return hash_finish(&state);
}

struct str hash_text(const struct hash *hash, char out[HASH_TEXT_BYTES])
{
    struct buf buf;
    buf_init_fixed(&buf, out, HASH_TEXT_BYTES);
    buf_add_hex(&buf, hash->byte, HASH_BYTES);
    return buf_str(&buf);
}
