/* SPDX-License-Identifier: Apache-2.0 */
/* What a browser calls itself, in words that people know their devices by.
 *
 *   "Mozilla/5.0 (Linux; Android 14) … Chrome/126.0 Mobile Safari/537.36" ─► "Chrome, Android"
 *
 * Threads: pure. */
#ifndef SANGDEN_WEB_AGENT_H
#define SANGDEN_WEB_AGENT_H

#include "base/arena.h"

/* Browser and system where they are known; otherwise the first words as they are, without controls.
 * Empty when the arena is full or nothing is told. */
struct str agent_words(struct arena *arena, struct str agent);

#endif
