/* SPDX-License-Identifier: Apache-2.0 */
/* What ends the module: a belief that does not hold. Debian's compiler-rt guards its stack frames,
 * so the guard and its failure stand here too. */
#include "base/compat.h"

_Noreturn void __stack_chk_fail(void);

extern const uintptr_t __stack_chk_guard;
const uintptr_t __stack_chk_guard = 0x595a4b4f;

_Noreturn void __stack_chk_fail(void)
{
    __builtin_trap();
}

_Noreturn void assert_failed(const char *file, int line, const char *text)
{
    (void)file;
    (void)line;
    (void)text;
    __builtin_trap();
}
