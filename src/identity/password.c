/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/password.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "identity/sodium_ready.h"

static_assert(PASSWORD_HASH_BYTES >= crypto_pwhash_STRBYTES, "a hash fits");

/* ---- turns ------------------------------------------------------------------------------- */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    unsigned busy, most;
    int64_t wait_ms;
} turns = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, PASSWORDS_AT_ONCE, 3000};

void password_limit(unsigned at_once, int64_t wait_ms)
{
    pthread_mutex_lock(&turns.lock);
    turns.most = at_once;
    turns.wait_ms = wait_ms;
    pthread_mutex_unlock(&turns.lock);
}

/* Real time, also where the clock of the program stands still. */
static struct timespec deadline_after(int64_t wait_ms)
{
    int64_t at_ns = clock_monotonic_ns() + wait_ms * 1000000;
    return (struct timespec){.tv_sec = at_ns / 1000000000, .tv_nsec = at_ns % 1000000000};
}

static bool turn_begin(void)
{
    pthread_mutex_lock(&turns.lock);
    struct timespec deadline = deadline_after(turns.wait_ms);
    int waited = 0;
    while (turns.busy >= turns.most && waited == 0)
        waited = pthread_cond_clockwait(&turns.freed, &turns.lock, CLOCK_MONOTONIC, &deadline);
    bool mine = turns.busy < turns.most;
    if (mine) turns.busy++;
    pthread_mutex_unlock(&turns.lock);
    return mine;
}

static void turn_end(void)
{
    pthread_mutex_lock(&turns.lock);
    turns.busy--;
    pthread_cond_signal(&turns.freed);
    pthread_mutex_unlock(&turns.lock);
}

static err_t refuse_crowd(struct err *err)
{
    err_set(err, E_BUSY, NULL, "Quá nhiều người đăng nhập cùng lúc",
            "Too many people are signing in at the same time");
    return err_hint(err, "Thử lại sau vài giây", "Try again in some seconds");
}

/* ---- hashes ------------------------------------------------------------------------------ */

/* One form of what was typed: a keyboard may compose letters or not. What is no UTF-8 is taken as
 * it is; nobody's password looks like that. */
static struct str one_form(struct arena *arena, struct str password)
{
    struct err ignored;
    struct str form;
    password = str_first(password, PASSWORD_MOST_BYTES);
    return text_nfc(arena, password, &form, &ignored) == OK ? form : password;
}

err_t password_hash(struct arena *arena, struct str password, const struct password_cost *cost,
                    char out[PASSWORD_HASH_BYTES], struct err *err)
{
    char hash[PASSWORD_HASH_BYTES] = "";
    struct str form = one_form(arena, password);
    sodium_ready();
    if (!turn_begin()) return refuse_crowd(err);
    int failed =
        crypto_pwhash_str_alg(hash, form.p, form.n, (unsigned long long)cost->passes,
                              (size_t)cost->memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13);
    turn_end();
    if (failed != 0) return err_memory(err);
    memcpy(out, hash, sizeof hash);
    return OK;
}

/* The hash of a password that nobody knows, of the present cost: what is computed for people who do
 * not exist. */
static err_t nobodys_hash(struct arena *arena, const struct password_cost *cost,
                          char out[PASSWORD_HASH_BYTES], struct err *err)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct password_cost made_with;
    static char made[PASSWORD_HASH_BYTES];
    err_t e = OK;
    pthread_mutex_lock(&lock);
    if (made_with.memory_kib != cost->memory_kib || made_with.passes != cost->passes) {
        char secret[32];
        random_bytes(secret, sizeof secret);
        e = password_hash(arena, (struct str){secret, sizeof secret}, cost, made, err);
        if (e == OK) made_with = *cost;
    }
    if (e == OK) memcpy(out, made, sizeof made);
    pthread_mutex_unlock(&lock);
    return e;
}

err_t password_verify(struct arena *arena, struct str password, struct str hash,
                      const struct password_cost *cost, struct password_verdict *out,
                      struct err *err)
{
    char text[PASSWORD_HASH_BYTES] = "";
    struct str form = one_form(arena, password);
    bool somebody = hash.n > 0 && hash.n < sizeof text;
    sodium_ready();
    err_t e = OK;
    if (somebody) memcpy(text, hash.p, hash.n);
    else e = nobodys_hash(arena, cost, text, err);
    if (e != OK) return e;
    if (!turn_begin()) return refuse_crowd(err);
    int wrong = crypto_pwhash_str_verify(text, form.p, form.n);
    turn_end();
    int stale = crypto_pwhash_str_needs_rehash(text, (unsigned long long)cost->passes,
                                               (size_t)cost->memory_kib * 1024);
    *out = (struct password_verdict){.right = somebody && wrong == 0, .stale = stale != 0};
    return OK;
}
