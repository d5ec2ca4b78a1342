// SPDX-License-Identifier: Apache-2.0
// The WebAssembly module as a function of bytes: kind and request in, answer out.
import { readFileSync } from 'node:fs';

export class Module {
  constructor(path) {
    const compiled = new WebAssembly.Module(readFileSync(path));
    if (WebAssembly.Module.imports(compiled).length > 0) throw new Error('the module has imports');
    this.exports = new WebAssembly.Instance(compiled, {}).exports;
    this.kinds = new Map();
    for (let kind = 0; kind < this.exports.calculator_count(); kind++) {
      this.kinds.set(this.textAt(this.exports.calculator_name(kind)), kind);
    }
  }

  textAt(pointer) {
    const memory = Buffer.from(this.exports.memory.buffer);
    return memory.toString('utf8', pointer, memory.indexOf(0, pointer));
  }

  // Bytes of a request to the bytes of the answer, copied out of the module's memory.
  answer(name, bytes) {
    const place = this.exports.request_buffer(bytes.length);
    if (place !== 0) Buffer.from(this.exports.memory.buffer).set(bytes, place);
    this.exports.calculate(this.kinds.get(name), bytes.length);
    const from = this.exports.answer_pointer();
    return Buffer.from(this.exports.memory.buffer.slice(from, from + this.exports.answer_size()));
  }
}
