# SPDX-License-Identifier: Apache-2.0
# Prepares a TrueType face for documents and embeds it: takes the hints for coarse screens out,
# which every subset in every PDF would carry, and gives the figures 0-9 one width, because the
# face has no tabular ones; the 1 as it was, which leaves no gaps in running text, is the last glyph.
# Writes the face and an assembler file that includes it.
# usage: typeface.py FACE.ttf SYMBOL OUTPUT.ttf OUTPUT.S
import struct
import sys

FIGURE_WIDTH = 656  # of 1000: a little above the mean, so that columns stay dense
HINTS = (b'fpgm', b'prep', b'cvt ', b'gasp')
ON_CURVE, X_SHORT, X_SAME = 0x01, 0x02, 0x10
WORDS, SCALE, MORE, XY_SCALE, TWO_BY_TWO, INSTRUCTIONS = 0x01, 0x08, 0x20, 0x40, 0x80, 0x100


def read_tables(data):
    count, = struct.unpack('>H', data[4:6])
    tables = {}
    for i in range(count):
        tag, _, start, size = struct.unpack('>4sIII', data[12 + 16 * i:28 + 16 * i])
        tables[tag] = data[start:start + size]
    return tables


def read_glyphs(tables):
    count, = struct.unpack('>H', tables[b'maxp'][4:6])
    long_form, = struct.unpack('>h', tables[b'head'][50:52])
    if long_form:
        places = struct.unpack('>%dI' % (count + 1), tables[b'loca'][:4 * count + 4])
    else:
        places = [2 * p for p in struct.unpack('>%dH' % (count + 1), tables[b'loca'][:2 * count + 2])]
    return [tables[b'glyf'][places[i]:places[i + 1]] for i in range(count)]


def glyph_of(cmap, code):
    """Through the format 4 subtable of Windows Unicode, which every such face has."""
    for i in range(struct.unpack('>H', cmap[2:4])[0]):
        platform, encoding, start = struct.unpack('>HHI', cmap[4 + 8 * i:12 + 8 * i])
        if (platform, encoding) != (3, 1):
            continue
        form, _, _, doubled = struct.unpack('>4H', cmap[start:start + 8])
        assert form == 4
        size = doubled // 2
        column = lambda skip: struct.unpack('>%dH' % size, cmap[start + 14 + skip:][:doubled])
        ends, starts = column(0), column(doubled + 2)
        deltas, ranges = column(2 * doubled + 2), column(3 * doubled + 2)
        segment = next(k for k in range(size) if ends[k] >= code)
        assert starts[segment] <= code
        if ranges[segment] == 0:
            return (code + deltas[segment]) & 0xFFFF
        at = start + 16 + 3 * doubled + 2 * segment + ranges[segment] + 2 * (code - starts[segment])
        return struct.unpack('>H', cmap[at:at + 2])[0]
    raise SystemExit('no Unicode mapping')


def without_instructions(glyph):
    if not glyph:
        return glyph
    contours, = struct.unpack('>h', glyph[:2])
    if contours >= 0:
        at = 10 + 2 * contours
        size, = struct.unpack('>H', glyph[at:at + 2])
        return glyph[:at] + b'\0\0' + glyph[at + 2 + size:]
    out, at, flags = bytearray(glyph[:10]), 10, MORE
    while flags & MORE:
        flags, = struct.unpack('>H', glyph[at:at + 2])
        size = 4 + (4 if flags & WORDS else 2)
        size += 2 if flags & SCALE else 4 if flags & XY_SCALE else 8 if flags & TWO_BY_TWO else 0
        out += struct.pack('>H', flags & ~INSTRUCTIONS) + glyph[at + 2:at + size]
        at += size
    return bytes(out)


def moved(glyph, by):
    """A simple glyph without instructions, moved to the right: only the first x is absolute."""
    contours, left, low, right, high = struct.unpack('>5h', glyph[:10])
    assert contours > 0
    at = 10 + 2 * contours + 2
    points = struct.unpack('>H', glyph[at - 4:at - 2])[0] + 1
    flags = []
    while len(flags) < points:
        flag, at = glyph[at], at + 1
        flags.append(flag & ~0x08)
        if flag & 0x08:
            flags += [flag & ~0x08] * glyph[at]
            at += 1
    first, xs = flags[0], 1 if flags[0] & X_SHORT else 0 if flags[0] & X_SAME else 2
    old = struct.unpack('>h', glyph[at:at + 2])[0] if xs == 2 else 0 if xs == 0 else \
        glyph[at] if first & X_SAME else -glyph[at]
    flags[0] = first & ~(X_SHORT | X_SAME)
    return struct.pack('>5h', contours, left + by, low, right + by, high) + \
        glyph[10:10 + 2 * contours + 2] + bytes(flags) + struct.pack('>h', old + by) + glyph[at + xs:]


def prepare(tables):
    glyphs = [without_instructions(glyph) for glyph in read_glyphs(tables)]
    metrics = bytearray(tables[b'hmtx'])
    assert struct.unpack('>H', tables[b'hhea'][34:36])[0] == len(glyphs)
    one = glyph_of(tables[b'cmap'], ord('1'))
    glyphs.append(glyphs[one])
    metrics += metrics[4 * one:4 * one + 4]
    for code in range(ord('0'), ord('9') + 1):
        number = glyph_of(tables[b'cmap'], code)
        left, _, right = struct.unpack('>3h', glyphs[number][2:8])
        start = (FIGURE_WIDTH - (right - left)) // 2
        glyphs[number] = moved(glyphs[number], start - left)
        struct.pack_into('>Hh', metrics, 4 * number, FIGURE_WIDTH, start)
    places, body = [0], bytearray()
    for glyph in glyphs:
        body += glyph + bytes(-len(glyph) % 4)
        places.append(len(body))
    head, maxp = bytearray(tables[b'head']), bytearray(tables[b'maxp'])
    hhea, post = bytearray(tables[b'hhea']), bytearray(tables[b'post'][:32])
    struct.pack_into('>h', head, 50, 1)
    struct.pack_into('>H', maxp, 4, len(glyphs))
    struct.pack_into('>H', hhea, 34, len(glyphs))
    struct.pack_into('>I', post, 0, 0x00030000)  # without names of glyphs
    struct.pack_into('>7H', maxp, 14, 1, 0, 0, 0, 0, 0, 0)
    for tag in HINTS:
        tables.pop(tag, None)
    tables.update({b'glyf': bytes(body), b'loca': struct.pack('>%dI' % len(places), *places),
                   b'hmtx': bytes(metrics), b'head': bytes(head), b'maxp': bytes(maxp),
                   b'hhea': bytes(hhea), b'post': bytes(post)})


def checksum(data):
    data += bytes(-len(data) % 4)
    return sum(struct.unpack('>%dI' % (len(data) // 4), data)) & 0xFFFFFFFF


def write_face(tables):
    power = len(tables).bit_length() - 1
    head = bytearray(tables[b'head'])
    struct.pack_into('>I', head, 8, 0)
    tables[b'head'] = bytes(head)
    directory = struct.pack('>IHHHH', 0x00010000, len(tables), 16 << power, power,
                            16 * len(tables) - (16 << power))
    body, start = b'', 12 + 16 * len(tables)
    for tag in sorted(tables):
        table = tables[tag]
        directory += struct.pack('>4sIII', tag, checksum(table), start + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    face = bytearray(directory + body)
    at = next(struct.unpack('>I', directory[i + 8:i + 12])[0]
              for i in range(12, len(directory), 16) if directory[i:i + 4] == b'head')
    struct.pack_into('>I', face, at + 8, (0xB1B0AFBA - checksum(bytes(face))) & 0xFFFFFFFF)
    return bytes(face)


source, symbol, target, assembler = sys.argv[1:]
with open(source, 'rb') as file:
    content = read_tables(file.read())
prepare(content)
with open(target, 'wb') as file:
    file.write(write_face(content))
with open(assembler, 'w') as file:
    file.write(f'''.section .note.GNU-stack,"",%progbits
.section .rodata
.balign 16
.globl {symbol}
{symbol}: .incbin "{target}"
.globl {symbol}_end
{symbol}_end: .byte 0
''')
