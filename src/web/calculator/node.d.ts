// SPDX-License-Identifier: Apache-2.0
// The one function of Node that engine.ts calls, and what build.mjs puts into the programs.
declare module 'node:fs/promises' {
  export function readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
}

/** A category of the price book; voltages is empty where its prices do not depend on them. */
interface BookCategory {
  code: string;
  vi: string;
  en: string;
  shape: 'tiers' | 'flat' | 'tou';
  voltages: string[];
}

/** What the page offers to choose from; prices are in the module alone. */
declare const BOOK: {
  categories: BookCategory[];
  voltages: Record<string, [vi: string, en: string]>;
  /** By their first day. */
  decisions: { id: string; vi: string; en: string; byAverage: boolean }[];
};

/** Address of the module beside the page; empty in the page that carries it inside. */
declare const MODULE_URL: string;
