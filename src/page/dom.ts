/** The few things that every part of the page does with its document. Text is always set as text. */

/** @throws Error when the document has no such element: the page and its script do not belong together. */
export function byId<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element '${id}'`);
  return found as T;
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The JSON of a script element. */
export function embedded<T>(id: string): T {
  return JSON.parse(byId(id).textContent ?? '') as T;
}

/** A canvas as sharp as the screen, in pixels of the page. @returns undefined when it has no size. */
export function sharpContext(canvas: HTMLCanvasElement, height: number) {
  const width = canvas.clientWidth;
  const ratio = window.devicePixelRatio || 1;
  const context = canvas.getContext('2d');
  if (width === 0 || !context) return undefined;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width };
}
