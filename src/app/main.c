/* SPDX-License-Identifier: Apache-2.0 */
#include "app/program.h"

int main(int argc, char **argv)
{
    return program_run(argc > 0 ? (size_t)argc - 1 : 0, argv + 1);
}
