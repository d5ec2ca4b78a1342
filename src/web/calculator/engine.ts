// SPDX-License-Identifier: Apache-2.0
// The calculators of Sáng Đèn in a browser or in Node: requests and answers of docs/calculators.md
// as types, refusals as values. The bytes are those of the command line.

/** An exact decimal as text: "461", "461.25". Never a JavaScript number. */
export type Decimal = string;
/** A day, "2026-07-31". */
export type Day = string;

/** One price, or the three registers of a three-price meter. */
export type Quantities =
  | { kwh: Decimal; normal?: never; peak?: never; offpeak?: never }
  | { kwh?: never; normal: Decimal; peak: Decimal; offpeak: Decimal };

/** Energy of a period; reactive energy or cos φ, not both. */
export type Usage = Quantities & { kvarh?: Decimal | null; cosphi?: Decimal | null };

/** One purpose of use: a share in percent, or kWh of its own. */
export interface Use {
  category: string;
  voltage?: string | null;
  share?: Decimal | null;
  kwh?: Decimal | null;
  households?: Decimal | null;
}

/** What a meter showed on a day on which prices changed, as use since the first day. */
export interface Reading {
  date: Day;
  usage: Usage;
}

/** Facts that support campaigns ask for. */
export interface Support {
  restricted_area?: boolean | null;
  tourist_lodging?: boolean | null;
  quarantine_site?: 'free' | 'paid' | null;
}

/** A period by its two reading days, or by the month they stand for. */
export type Period =
  | { month: string; from?: null; to?: null }
  | { month?: null; from: Day; to: Day };

/** What both calculators of bills know. */
export interface BillFields {
  usage: Usage;
  uses: Use[];
  households?: Decimal | null;
  lodgers_undeclared?: boolean | null;
  papers_missing?: boolean | null;
  prorate?: 'new_supply' | 'party_change' | 'contract_end' | 'reading_day_change' | null;
  month_days?: 'previous_month' | 'own_month' | '30' | null;
  change_split?: 'half_up' | 'truncate_old' | null;
  read_on_change?: Reading[] | null;
  support?: Support | null;
  demand_kw?: Decimal | null;
  decision?: string | null;
  average?: Decimal | null;
  vat_rate?: Decimal | null;
}

/** A request of `sangden calc`. */
export type CalcRequest = Period & BillFields;

/** A request of `sangden backbill`: kWh billed already, inside the usage. */
export type BackbillRequest = Period & Omit<BillFields, 'uses'> & {
  uses: (Use & { billed?: Decimal | null })[];
  billed: Decimal | Quantities;
  cause?: 'theft' | 'wrong_price' | 'not_measured' | null;
  settlement?: Day | null;
};

/** A line of a bill; its amount is exact to a thousandth of a đồng. */
export interface Line {
  kind: 'energy' | 'reactive' | 'support' | 'fee';
  category: string | null;
  voltage: string | null;
  decision: string | null;
  from: Day;
  to: Day;
  tier: number | null;
  tou: 'normal' | 'peak' | 'offpeak' | null;
  kwh: Decimal | null;
  price: Decimal | null;
  quantity?: Decimal;
  percent?: Decimal;
  amount: Decimal;
  basis: string;
  basis_en: string;
}

export interface Warning {
  code: string;
  text_vi: string;
  text_en: string;
  field: string | null;
}

/** A bill. Money is a whole number of đồng. */
export interface CalcAnswer {
  lines: Line[];
  pre_vat: number;
  vat_rate: Decimal;
  vat: number;
  total: number;
  kwh: Decimal;
  billed?: Decimal;
  warnings: Warning[];
  price_book: string;
}

/** A request of `sangden meter-kwh`. */
export interface MeterRequest {
  old: Decimal;
  new: Decimal;
  digits: number;
  multiplier?: Decimal | null;
  removed?: Decimal | MeterRequest | null;
  direct?: Decimal | null;
  expected?: Decimal | null;
}

/** Energy, or why a person must look at the readings. */
export type MeterAnswer =
  | { kwh: Decimal; rollover: boolean; review?: never }
  | { review: string; reason: string; reason_en: string; candidate_kwh?: Decimal; kwh?: never };

/** Why a request was refused and what to do. field names its place: "uses[0].share". */
export interface Refusal {
  field: string | null;
  message: string;
  hint: string;
  message_en: string;
  hint_en: string;
}

export type Result<Answer> =
  | { ok: true; answer: Answer; text: string }
  | { ok: false; error: Refusal; text: string };

export interface Engine {
  /** A bill, as `sangden calc`. */
  calculate(request: CalcRequest): Result<CalcAnswer>;
  /** The difference to what was billed, as `sangden backbill`. */
  backbill(request: BackbillRequest): Result<CalcAnswer>;
  /** Energy from two readings, as `sangden meter-kwh`. */
  meterKwh(request: MeterRequest): Result<MeterAnswer>;
  /** An amount in Vietnamese words, as `sangden words`. */
  words(request: { amount: number; south?: boolean }): Result<{ amount: number; words: string }>;
  /** JSON text in, JSON text out, for every calculator of the module ("fee", "vend", "rate"…). */
  answer(name: string, request: string): string;
  /** The names that answer() knows. */
  readonly names: readonly string[];
}

interface Exports {
  memory: WebAssembly.Memory;
  calculator_count(): number;
  calculator_name(kind: number): number;
  request_buffer(size: number): number;
  calculate(kind: number, size: number): number;
  answer_pointer(): number;
  answer_size(): number;
}

const stopped: Refusal = {
  field: null,
  message: 'Bộ tính đã dừng ở yêu cầu này và được nạp lại',
  hint: 'Sửa số liệu rồi tính lại; báo cho chúng tôi nếu còn lặp lại',
  message_en: 'The calculator stopped at this request and was loaded again',
  hint_en: 'Change the figures and try again; tell us if it happens again',
};

class Module implements Engine {
  readonly names: string[] = [];
  private exports: Exports;

  constructor(private module: WebAssembly.Module) {
    this.exports = this.start();
    for (let kind = 0; kind < this.exports.calculator_count(); kind++) {
      this.names.push(this.textAt(this.exports.calculator_name(kind)));
    }
  }

  private start(): Exports {
    return new WebAssembly.Instance(this.module, {}).exports as unknown as Exports;
  }

  private textAt(pointer: number): string {
    const bytes = new Uint8Array(this.exports.memory.buffer);
    return new TextDecoder().decode(bytes.subarray(pointer, bytes.indexOf(0, pointer)));
  }

  answer(name: string, request: string): string {
    const kind = this.names.indexOf(name);
    if (kind < 0) throw new RangeError('no calculator is named ' + name);
    const bytes = new TextEncoder().encode(request);
    try {
      const place = this.exports.request_buffer(bytes.length);
      if (place !== 0) new Uint8Array(this.exports.memory.buffer).set(bytes, place);
      this.exports.calculate(kind, bytes.length);
      const from = this.exports.answer_pointer();
      const size = this.exports.answer_size();
      return new TextDecoder().decode(new Uint8Array(this.exports.memory.buffer, from, size));
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      this.exports = this.start();
      return JSON.stringify({ error: stopped });
    }
  }

  private ask<Answer>(name: string, request: unknown): Result<Answer> {
    const text = this.answer(name, JSON.stringify(request));
    const answer = JSON.parse(text) as Answer & { error?: Refusal };
    return answer.error ? { ok: false, error: answer.error, text } : { ok: true, answer, text };
  }

  calculate(request: CalcRequest): Result<CalcAnswer> {
    return this.ask('calc', request);
  }

  backbill(request: BackbillRequest): Result<CalcAnswer> {
    return this.ask('backbill', request);
  }

  meterKwh(request: MeterRequest): Result<MeterAnswer> {
    return this.ask('meter-kwh', request);
  }

  words(request: { amount: number; south?: boolean }): Result<{ amount: number; words: string }> {
    return this.ask('words', request);
  }
}

async function bytesAt(url: URL): Promise<BufferSource> {
  if (url.protocol === 'file:' && typeof window === 'undefined') {
    const { readFile } = await import('node:fs/promises');
    return readFile(url);
  }
  const response = await fetch(url.href);
  if (!response.ok) throw new Error(url.href + ': ' + response.status);
  return response.arrayBuffer();
}

/** Loads the module (build/sangden.wasm) from its bytes or its address. */
export async function loadEngine(source: BufferSource | URL | string): Promise<Engine> {
  const url = typeof source === 'string' ? new URL(source, globalThis.document?.baseURI) : source;
  const bytes = url instanceof URL ? await bytesAt(url) : url;
  return new Module(await WebAssembly.compile(bytes));
}
