/* SPDX-License-Identifier: Apache-2.0 */
#include "web/calculator_page.h"

/* From embed_page.sh. */
extern const char web_calculator_page[];
extern const char web_calculator_page_end[];

struct str calculator_page(void)
{
    size_t size = (size_t)(web_calculator_page_end - web_calculator_page);
    return (struct str){web_calculator_page, size};
}
