// SPDX-License-Identifier: Apache-2.0
// The tiers as a picture: one bar cut into blocks as wide as their kWh, each with kWh, price, amount.
import { say, svg } from './dom.js';
import type { Line } from './engine.js';
import { showDecimal } from './numbers.js';
import { lineName } from './reasons.js';
import { text } from './words.js';

const BAR_TOP = 4;
const BAR_HEIGHT = 36;
const ROW_GAP = 16;
const TEXT_LINE = 20;
const LABEL_WIDTH = 84;
const CHARACTER_WIDTH = 8.5;
const BLOCK_GAP = 2;

/** In words what the picture shows. */
function sentence(lines: Line[]): string {
  return lines.map((line) => say(lineName(line)) + ': ' + showDecimal(line.kwh!) + ' kWh × ' +
    showDecimal(line.price!) + ' đ = ' + showDecimal(line.amount) + ' đ').join('; ');
}

/** Left edges and widths of the blocks; none is thinner than can be seen. */
function layOut(lines: Line[], width: number): { x: number; width: number }[] {
  const kwh = lines.map((line) => Number(line.kwh));
  const sum = kwh.reduce((a, b) => a + b, 0);
  const room = width - BLOCK_GAP * (lines.length - 1) - 3 * lines.length;
  let x = 0;
  return kwh.map((value) => {
    const block = { x, width: 3 + (room * value) / sum };
    x += block.width + BLOCK_GAP;
    return block;
  });
}

const labelRows = (line: Line): string[] =>
  [say(lineName(line)), showDecimal(line.kwh!) + ' kWh', '× ' + showDecimal(line.price!),
   showDecimal(line.amount)];

/** A label around x; at the edges it stays inside the picture. */
function label(line: Line, x: number, y: number, width: number, room: number): SVGElement {
  const anchor = x < room / 2 ? 'start' : x > width - room / 2 ? 'end' : 'middle';
  const at = anchor === 'start' ? 0 : anchor === 'end' ? width : x;
  return svg('text', { 'text-anchor': anchor }, ...labelRows(line).map((row, i) =>
    svg('tspan', { x: at, y: y + i * TEXT_LINE, class: i === 0 ? 'name' : i === 3 ? 'amount' : '' },
        row)));
}

/** The dearer, the stronger. */
function strengths(lines: Line[]): number[] {
  const prices = lines.map((line) => Number(line.price));
  return prices.map((price) =>
    0.3 + 0.7 * prices.filter((other) => other <= price).length / prices.length);
}

/** Lines of one period and category, drawn for that width in CSS pixels. */
export function drawBlocks(lines: Line[], width: number): SVGElement {
  const blocks = layOut(lines, width);
  const strength = strengths(lines);
  const longest = Math.max(...lines.flatMap(labelRows).map((row) => row.length));
  const room = Math.max(LABEL_WIDTH, longest * CHARACTER_WIDTH);
  const perRow = Math.max(1, Math.floor(width / room));
  const rows = Math.ceil(lines.length / perRow);
  const rowHeight = 4 * TEXT_LINE + ROW_GAP;
  const height = BAR_TOP + BAR_HEIGHT + ROW_GAP + rows * rowHeight - ROW_GAP + 4;
  const picture = svg('svg', {
    class: 'blocks', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img',
    'aria-label': say(text('Các bậc: ', 'Blocks: ')) + sentence(lines),
  });
  lines.forEach((line, i) => {
    const { x, width: w } = blocks[i]!;
    picture.append(svg('rect', { x, y: BAR_TOP, width: w, height: BAR_HEIGHT, rx: 2,
                                 class: 'block', 'fill-opacity': strength[i] }));
    const center = x + w / 2;
    // Labels stand in even columns; neighbours take turns between the rows.
    const column = (width * (i + 0.5)) / lines.length;
    const y = BAR_TOP + BAR_HEIGHT + ROW_GAP + (i % rows) * rowHeight;
    picture.append(svg('path', { class: 'leader', d:
      `M${center} ${BAR_TOP + BAR_HEIGHT}v4L${column} ${BAR_TOP + BAR_HEIGHT + ROW_GAP - 4}` +
      `V${y - 2}` }));
    picture.append(label(line, column, y + TEXT_LINE - 6, width, room));
  });
  return picture;
}
