// SPDX-License-Identifier: Apache-2.0
// A repeatable sequence of integers (xorshift32) and what generators draw from it.
export class Chance {
  constructor(seed) {
    this.state = (seed >>> 0) || 1;
  }

  next() {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return this.state;
  }

  below(bound) {
    return this.next() % bound;
  }

  between(low, high) {
    return low + this.below(high - low + 1);
  }

  // True about percent times in a hundred.
  percent(percent) {
    return this.below(100) < percent;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  // A decimal as text with at most that many digits before and places behind the point.
  decimal(digits, places) {
    let text = String(this.below(10 ** this.between(1, Math.min(digits, 9))));
    const behind = this.percent(60) ? 0 : this.between(0, places);
    if (behind > 0) text += '.' + String(this.below(10 ** behind)).padStart(behind, '0');
    return text;
  }
}
