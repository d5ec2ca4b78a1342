# SPDX-License-Identifier: Apache-2.0
# A picture (PPM on standard input) as a PNG of at most 160 colours: small enough for a README.
import collections
import struct
import sys
import zlib

COLOURS = 160

_, size, _, pixels = sys.stdin.buffer.read().split(b'\n', 3)
width, height = map(int, size.split())
points = [pixels[i:i + 3] for i in range(0, width * height * 3, 3)]
counts = collections.Counter(points)
palette = [colour for colour, _ in counts.most_common(COLOURS)]


def nearest(colour):
    return min(range(len(palette)),
               key=lambda i: sum((a - b) ** 2 for a, b in zip(palette[i], colour)))


index = {colour: nearest(colour) for colour in counts}
rows = b''.join(b'\0' + bytes(index[p] for p in points[y * width:(y + 1) * width])
                for y in range(height))


def chunk(kind, data):
    body = kind + data
    return struct.pack('>I', len(data)) + body + struct.pack('>I', zlib.crc32(body))


sys.stdout.buffer.write(b'\x89PNG\r\n\x1a\n' +
                        chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 3, 0, 0, 0)) +
                        chunk(b'PLTE', b''.join(palette)) +
                        chunk(b'IDAT', zlib.compress(rows, 9)) + chunk(b'IEND', b''))
