// SPDX-License-Identifier: Apache-2.0
// Small helpers around the document, and the language of the page.
import type { Language, Text } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';

type Attributes = Record<string, string | number | boolean | (() => void) | undefined>;
type Child = Node | string | null | false;

function fill<T extends Element>(element: T, attributes: Attributes, children: Child[]): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children) if (child !== null && child !== false) element.append(child);
  return element;
}

/** An element; a function among the attributes listens to the event of that name. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** The element with that id, which index.html has. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

export function empty(element: Element, ...children: Child[]): void {
  element.textContent = '';
  for (const child of children) if (child !== null && child !== false) element.append(child);
}

// ---- language -----------------------------------------------------------------------------------

let language: Language = 'vi';

export const english = (): boolean => language === 'en';
export const say = (text: Text): string => text[language];

/** Translates what index.html holds: Vietnamese as written, English from data-en. */
export function translate(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-en]')) {
    const group = element instanceof HTMLOptGroupElement;
    element.dataset.vi ??= group ? element.label : element.textContent!;
    const words = element.dataset[language]!;
    if (group) element.label = words;
    else element.textContent = words;
  }
  for (const element of root.querySelectorAll<HTMLElement>('[data-en-label]')) {
    element.setAttribute('aria-label', element.dataset[english() ? 'enLabel' : 'viLabel']!);
  }
}

/** Storage may be forbidden, and is empty from file:// in some browsers: then nothing is kept. */
export function remembered(): Language | null {
  try {
    const kept = localStorage.getItem('language');
    return kept === 'vi' || kept === 'en' ? kept : null;
  } catch {
    return null;
  }
}

export function setLanguage(to: Language, keep: boolean): void {
  language = to;
  document.documentElement.lang = to;
  const button = byId('language');
  button.textContent = to === 'vi' ? 'English' : 'Tiếng Việt';
  button.lang = to === 'vi' ? 'en' : 'vi';
  translate(document);
  if (!keep) return;
  try {
    localStorage.setItem('language', to);
  } catch { /* not kept */ }
}
