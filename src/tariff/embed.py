# SPDX-License-Identifier: Apache-2.0
# Turns the price book into a C source, because WebAssembly knows no assembler includes. With
# --compact the white space between values stays out: the hash of a book is of its content, and
# phones load the module.
import re
import sys

source, target = sys.argv[1], sys.argv[2]
data = open(source, 'rb').read()
if '--compact' in sys.argv:
    data = re.sub(rb'("(?:[^"\\]|\\.)*")|\s+', rb'\1', data)
with open(target, 'w') as out:
    out.write('#include "tariff/book.h"\n\nstatic const unsigned char text[] = {\n')
    for start in range(0, len(data), 24):
        out.write(','.join(str(b) for b in data[start:start + 24]) + ',\n')
    out.write('};\n\nstruct str book_builtin_text(void)\n{\n')
    out.write('    return (struct str){(const char *)text, sizeof text};\n}\n')
