/** Every miss and every false positive of a run at a threshold, the worst first; a click goes there. */

import { byId, make } from './dom.js';
import type { Mistake } from './mistakes.js';
import { clock } from './viewport.js';
import { EVENT_NAMES } from './words.js';

export interface PlacedMistake extends Mistake {
  /** Index of the conversation. */
  readonly conversation: number;
  readonly conversationId: string;
}

const KINDS = { fn: 'miss', fp: 'false positive' } as const;

/** Rows made at a time: there may be thousands. */
const PAGE = 50;

type Key = 'kind' | 'task' | 'conversation' | 'speaker' | 'time' | 'wrong';

const VALUE: Readonly<Record<Key, (mistake: PlacedMistake) => number | string>> = {
  kind: ({ kind }) => kind,
  task: ({ task }) => task,
  conversation: ({ conversation }) => conversation,
  speaker: ({ speaker }) => speaker,
  time: ({ timeS }) => timeS,
  wrong: ({ wrongS }) => wrongS,
};

export class ErrorTable {
  readonly #body = byId('error-table').querySelector('tbody')!;
  readonly #kind = byId<HTMLSelectElement>('error-kind');
  readonly #task = byId<HTMLSelectElement>('error-task');
  readonly #more = byId<HTMLButtonElement>('more-errors');
  readonly #onChosen: (mistake: PlacedMistake) => void;
  #mistakes: readonly PlacedMistake[] = [];
  #key: Key = 'wrong';
  #descending = true;
  #shown = PAGE;

  constructor(onChosen: (mistake: PlacedMistake) => void) {
    this.#onChosen = onChosen;
    for (const select of [this.#kind, this.#task]) select.addEventListener('change', () => this.#render(PAGE));
    this.#more.addEventListener('click', () => this.#render(this.#shown + 4 * PAGE));
    for (const button of byId('error-table').querySelectorAll<HTMLButtonElement>('button[data-sort]')) {
      button.addEventListener('click', () => this.#sortBy(button.dataset['sort'] as Key));
    }
  }

  show(mistakes: readonly PlacedMistake[]): void {
    this.#mistakes = mistakes;
    this.#render(PAGE);
  }

  #sortBy(key: Key): void {
    this.#descending = this.#key === key ? !this.#descending : key === 'wrong';
    this.#key = key;
    for (const button of byId('error-table').querySelectorAll<HTMLButtonElement>('button[data-sort]')) {
      const direction = button.dataset['sort'] !== key ? 'none' : this.#descending ? 'descending' : 'ascending';
      button.closest('th')?.setAttribute('aria-sort', direction);
    }
    this.#render(PAGE);
  }

  #render(count: number): void {
    const [kind, task] = [this.#kind.value, this.#task.value];
    const listed = this.#mistakes
      .filter((mistake) => (kind === '' || mistake.kind === kind) && (task === '' || mistake.task === task))
      .sort((a, b) => this.#compare(a, b));
    this.#shown = Math.min(count, listed.length);
    this.#body.replaceChildren(...listed.slice(0, this.#shown).map((mistake) => this.#row(mistake)));
    this.#more.hidden = this.#shown === listed.length;
    const misses = listed.filter((mistake) => mistake.kind === 'fn').length;
    byId('error-count').textContent =
      `${misses} ${misses === 1 ? 'miss' : 'misses'}, ${listed.length - misses} false positives` +
      (this.#shown < listed.length ? `; the first ${this.#shown} are listed` : '');
  }

  #compare(a: PlacedMistake, b: PlacedMistake): number {
    const [x, y] = [VALUE[this.#key](a), VALUE[this.#key](b)];
    const order = x < y ? -1 : x > y ? 1 : 0;
    return (this.#descending ? -order : order) || a.conversation - b.conversation || a.timeS - b.timeS;
  }

  #row(mistake: PlacedMistake): HTMLTableRowElement {
    const { kind, task, conversationId, speaker, timeS, wrongS, what } = mistake;
    const link = make('a', { href: '#timelines' }, clock(timeS, 0.01));
    link.setAttribute('aria-label', `${clock(timeS, 0.01)} in conversation ${conversationId}: show in the timeline`);
    const row = make(
      'tr',
      { 'data-kind': kind },
      make('td', {}, make('span', { class: `chip ${kind}` }, KINDS[kind])),
      make('td', {}, EVENT_NAMES[task]),
      make('td', { class: 'id' }, conversationId),
      make('td', {}, String(speaker)),
      make('td', { class: 'number' }, link),
      make('td', { class: 'number' }, wrongS.toFixed(2)),
      make('td', {}, what),
    );
    row.addEventListener('click', (event) => {
      event.preventDefault();
      this.#onChosen(mistake);
    });
    return row;
  }
}
