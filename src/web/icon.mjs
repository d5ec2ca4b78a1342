// SPDX-License-Identifier: Apache-2.0
// The icon as PNG, for home screens that take no SVG (iOS). It is painted from icon.svg: one square, one
// circle, strokes with round ends. Anything else in it stops the build.
import { deflateSync } from 'node:zlib';

const PARTS = /<(\/?)(\w+)([^>]*?)\/?>/g;

const colour = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
const attributes = (text) => Object.fromEntries([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));

/** "M48 18v8" as segments [x, y, x, y]; only M, h, v and l. */
function segments(path) {
  let x = 0, y = 0;
  const out = [];
  for (const [, step, words] of path.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const [a, b] = words.match(/-?[\d.]+/g).map(Number);
    const [toX, toY] = { M: [a, b], h: [x + a, y], v: [x, y + a], l: [x + a, y + b] }[step] ?? [];
    if (toX === undefined) throw new Error(`icon.mjs: cannot paint ${step}`);
    if (step !== 'M') out.push([x, y, toX, toY]);
    [x, y] = [toX, toY];
  }
  return out;
}

/** How far a point is from a segment. */
function distance(x, y, [x0, y0, x1, y1]) {
  const dx = x1 - x0, dy = y1 - y0;
  const along = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
  return Math.sqrt((x - x0 - along * dx) ** 2 + (y - y0 - along * dy) ** 2);
}

/** The drawing: { size, ground, ink, outside(x, y) }, how far a point is outside of the ink; below 0: inside. */
function read(svg) {
  const drawing = { circles: [], lines: [] };
  for (const [, closes, name, rest] of svg.matchAll(PARTS)) {
    const at = attributes(rest);
    if (closes) continue;
    if (name === 'svg') drawing.size = Number(at.viewBox.split(' ')[2]);
    else if (name === 'rect') drawing.ground = colour(at.fill);
    else if (name === 'g') [drawing.ink, drawing.width] = [colour(at.stroke), Number(at['stroke-width'])];
    else if (name === 'circle') drawing.circles.push([at.cx, at.cy, at.r].map(Number));
    else if (name === 'path') drawing.lines.push(...segments(at.d));
    else throw new Error(`icon.mjs: cannot paint <${name}>`);
  }
  const half = drawing.width / 2;
  drawing.outside = (x, y) => Math.min(
    ...drawing.circles.map(([cx, cy, r]) => Math.sqrt((x - cx) ** 2 + (y - cy) ** 2) - r - half),
    ...drawing.lines.map((line) => distance(x, y, line) - half));
  return drawing;
}

/** The check sum of PNG (ISO 3309). */
function crc32(bytes) {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? sum >>> 1 ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]), length = Buffer.alloc(4), sum = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** The drawing as a square PNG of so many pixels. */
export function png(svg, pixels) {
  const { size, ground, ink, outside } = read(svg);
  const scale = pixels / size;
  const rows = Buffer.alloc(pixels * (1 + 3 * pixels)); // each begins with its filter: none
  for (let row = 0; row < pixels; row++) {
    for (let column = 0; column < pixels; column++) {
      const edge = outside((column + 0.5) / scale, (row + 0.5) / scale) * scale;
      const share = Math.max(0, Math.min(1, 0.5 - edge));
      for (let c = 0; c < 3; c++) {
        rows[row * (1 + 3 * pixels) + 1 + 3 * column + c] = Math.round(ground[c] + (ink[c] - ground[c]) * share);
      }
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(pixels, 0);
  head.writeUInt32BE(pixels, 4);
  head.set([8, 2, 0, 0, 0], 8); // eight bits of red, green and blue
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head),
                        chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}
