// SPDX-License-Identifier: Apache-2.0
// A demonstration with people who can sign in, and a client that keeps cookies as a browser does.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ask, folder, sangden } from '../http/house.mjs';

export const password = 'một câu dài để thử';
export const phone = '0912345678';

/** A new demonstration; answers its environment. */
export function demonstration({ customers = 60, months = 3, name = 'demo', store = null, until = '2026-10' } = {}) {
  const env = { SANGDEN_STORE: store?.address ?? `sqlite:${join(folder, name + '.db')}`,
                SANGDEN_IDENTITY_KEY: join(folder, name + (store?.name ?? '') + '.key') };
  sangden(['demo', '--customers', String(customers), '--months', String(months), '--seed', '1',
           '--until', until], { env });
  sangden(['identity', 'key', '--as', 'QUANTRI'], { env });
  sangden(['identity', 'set', 'second_factor_required', '--value', '0', '--source', 'test', '--as',
           'QUANTRI'], { env });
  return env;
}

/** Gives a member of the staff the password of the tests. */
export function givePassword(env, code, by = 'QUANTRI') {
  const invitation = sangden(['staff', 'invite', code, '--as', by], { env }).split('\n')[0];
  sangden(['staff', 'set-up', code], { env, input: `${invitation}\n${password}\n` });
}

/** Lets a contact see an agreement. */
export function giveLogin(env, contact, agreement, role = 'owner') {
  sangden(['login', 'register', contact, '--unit', 'PZ0001', '--consent', '2026-11', '--as', 'QUANTRI'],
          { env });
  sangden(['login', 'give', contact, agreement, '--role', role, '--as', 'QUANTRI'], { env });
}

/** The bills of a month as the program lists them. */
export function bills(env, month = '2026-10') {
  return JSON.parse(sangden(['bill', 'list', '--month', month, '--json'], { env }));
}

/** The text of a price book that differs from the one in force, with its example put right. */
export function otherPriceBook() {
  return readFileSync(new URL('../../data/pricebook.json', import.meta.url), 'utf8')
    .replace('"price": "3152"', '"price": "3162"')
    .replace('"pre_vat": 770340, "vat": 61627, "total": 831967', '"pre_vat": 771540, "vat": 61723, "total": 833263');
}

/** Gives the bills of a month their invoices, signed by a key for trying out or not signed yet. */
export function issueInvoices(env, month, { signed = true } = {}) {
  const keys = mkdtempSync(join(folder, 'keys-')), series = ['--unit', 'PZ0001', '--symbol', 'K26TDN', '--as'];
  const issue = ['invoice', 'issue', '--month', month, '--as', 'TRUONGHD'];
  if (!sangden(['invoice', 'series', 'list', '--json'], { env }).includes('K26TDN')) {
    sangden(['invoice', 'series', 'add', ...series, 'TRUONGHD'], { env });
    sangden(['invoice', 'series', 'release', ...series, 'GIAMDOC'], { env });
  }
  if (!signed) return sangden([...issue, '--numbers-only'], { env });
  sangden(['invoice', 'devkey', '--out', keys, '--tax-code', '0000000000-001'], { env });
  return sangden(issue, { env: { ...env, SANGDEN_INVOICE_KEY: join(keys, 'development-key.pem') } });
}

/** What the printed bill tells of itself: { code, reading }, to verify it and to sign in by it. */
export function paper(env, { number }) {
  const shown = sangden(['bill', 'show', number, '--json'], { env });
  const notice = sangden(['bill', 'text', number, '--form', 'notice'], { env });
  return { code: /Mã kiểm chứng: (\S+)/.exec(notice)?.[1] ?? '',
           reading: /"to":"(\d+)(?:\.\d+)?","source"/.exec(shown)?.[1] ?? '' };
}

/** The code that was sent last. */
export function codeSent(env) {
  const out = join(folder, 'notices');
  mkdirSync(out, { recursive: true });
  sangden(['notify', 'deliver', '--folder', out, '--as', 'QUANTRI'], { env });
  const texts = readdirSync(out).sort().map((name) => readFileSync(join(out, name), 'utf8'));
  rmSync(out, { recursive: true });
  return texts.length === 0 ? null : /\b(\d{6})\b/.exec(texts.at(-1))?.[1] ?? null;
}

/** Signs a customer in at a page of a browser; address is that of the server. */
export async function enterCustomer(page, address, env, who = phone) {
  await page.goto(address + '/dang-nhap');
  await page.fill('#who', who);
  await page.click('form .main');
  await page.fill('#code', codeSent(env));
  await page.click('form .main');
}

/** Signs a member of the staff in at a page of a browser. */
export async function enterStaff(page, address, code) {
  await page.goto(address + '/dang-nhap/nhan-vien');
  await page.fill('#staff', code);
  await page.fill('#password', password);
  await page.click('form .main');
}

/** Someone with a client that keeps cookies as a browser does; forms are sent with the token of their page. */
export class Client {
  constructor(port, { headers = {}, ...wire } = {}) {
    this.port = port;
    this.headers = headers;
    this.wire = wire;
    this.cookies = new Map();
  }

  async ask(path, options = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await ask(this.port, path, { ...this.wire, ...options, headers: {
      Accept: 'text/html', ...this.headers, ...(cookie && { Cookie: cookie }), ...options.headers } });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair, ...rest] = line.split(';');
      const [name, value] = pair.split('=');
      if (rest.some((word) => word.trim() === 'Max-Age=0')) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  /** The token of the forms of a page. */
  async token(path) {
    const { text } = await this.ask(path);
    return /name="csrf" value="([0-9a-f]+)"/.exec(text)?.[1] ?? '';
  }

  /** Sends a form of a page; the token is that of the page unless given. */
  async send(path, fields, { page = path, csrf = null, headers = {} } = {}) {
    const token = csrf ?? await this.token(page);
    const body = new URLSearchParams({ csrf: token, ...fields }).toString();
    return this.ask(path, { method: 'POST', body,
                            headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers } });
  }

  signInStaff(code, typed = password) {
    return this.send('/dang-nhap/nhan-vien', { staff: code, password: typed });
  }

  async signInCustomer(env, who = phone) {
    const page = await this.send('/dang-nhap', { who });
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(page.text)?.[1] ?? '';
    return this.send('/dang-nhap/ma', { code: codeSent(env) }, { csrf });
  }
}
