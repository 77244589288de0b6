/** The timeline: what is seen of a conversation, moved by pointer, wheel and keys. */

import { describeAt } from './describe.js';
import { byId, sharpContext } from './dom.js';
import { drawMinimap, MINIMAP_HEIGHT } from './draw/minimap.js';
import { readPalette } from './draw/palette.js';
import { GUTTER, HEIGHT, type MarkedMistake, plotWidth, type Scene, timeAt } from './draw/scene.js';
import { drawTimeline } from './draw/timeline.js';
import type { Judgement } from './judge.js';
import type { Shown } from './library.js';
import { around, clock, moved, type Viewport, wholeOf, zoomed } from './viewport.js';

/** What is seen around a mistake, s. */
const AROUND_S = 12;
const AT_FIRST_S = 45;
/** Of one press of a button or key. */
export const ZOOM_STEP = 1.4;

export interface TimelineContent {
  readonly shown: Shown;
  readonly run: number;
  readonly threshold: number | null;
  readonly judgement: Judgement | null;
}

export class Timeline {
  readonly #canvas = byId<HTMLCanvasElement>('timeline');
  readonly #minimap = byId<HTMLCanvasElement>('minimap');
  readonly #tooltip = byId('tooltip');
  readonly #onCursor: (timeS: number) => void;
  #content: TimelineContent | undefined;
  #view: Viewport = wholeOf(1);
  #scene: Scene | undefined;
  #marked: MarkedMistake | null = null;
  #cursorS: number | null = null;
  #drawing = 0;

  /** @param onCursor the reader has clicked at this time. */
  constructor(onCursor: (timeS: number) => void) {
    this.#onCursor = onCursor;
    this.#listen();
    new ResizeObserver(() => this.draw()).observe(this.#canvas);
  }

  show(content: TimelineContent): void {
    if (this.#content?.shown !== content.shown) {
      this.#view = around(wholeOf(content.shown.about.duration_s), 0, AT_FIRST_S);
      this.#cursorS = null;
      this.#marked = null;
    }
    this.#content = content;
    this.draw();
  }

  jumpTo(marked: MarkedMistake): void {
    this.#marked = marked;
    this.#view = around(this.#view, marked.timeS, AROUND_S);
    this.draw();
  }

  /** @param follow keep the cursor in sight. */
  setCursor(timeS: number | null, follow = false): void {
    this.#cursorS = timeS;
    const { startS, endS } = this.#view;
    if (follow && timeS !== null && (timeS > endS || timeS < startS)) {
      this.#view = moved(this.#view, timeS - startS - (endS - startS) * 0.1);
    }
    this.draw();
  }

  /** The middle of what is seen, or the mistake that was jumped to, s. */
  get focusS(): number {
    const { startS, endS } = this.#view;
    const markedS = this.#marked?.timeS;
    return markedS !== undefined && markedS >= startS && markedS <= endS ? markedS : (startS + endS) / 2;
  }

  zoom(factor: number, aroundS = this.focusS): void {
    this.#change(zoomed(this.#view, factor, aroundS));
  }

  zoomAll(): void {
    this.#change(wholeOf(this.#view.durationS));
  }

  /** At most once per frame. */
  draw(): void {
    if (this.#drawing === 0) this.#drawing = requestAnimationFrame(() => this.drawNow());
  }

  /** As when the colours change: paper does not wait. */
  drawNow(): void {
    this.#drawing = 0;
    const large = sharpContext(this.#canvas, HEIGHT);
    const small = sharpContext(this.#minimap, MINIMAP_HEIGHT);
    if (!this.#content || !large || !small) return;
    const { shown, run, threshold, judgement } = this.#content;
    const { gold, answers } = shown.judged;
    this.#scene = {
      view: this.#view,
      width: large.width,
      gold,
      peaks: shown.peaks,
      answers: answers[run] ?? null,
      judgement,
      threshold,
      palette: readPalette(run),
      cursorS: this.#cursorS,
      marked: this.#marked,
    };
    drawTimeline(large.context, this.#scene);
    drawMinimap(small.context, this.#scene);
    const { startS, endS, durationS } = this.#view;
    byId('position').textContent = `${clock(startS, 0.1)} – ${clock(endS, 0.1)} of ${clock(durationS, 0.1)}`;
    this.#canvas.setAttribute(
      'aria-label',
      `Conversation ${shown.about.id}, ${clock(startS, 0.1)} to ${clock(endS, 0.1)} of ${clock(durationS, 0.1)}`,
    );
  }

  #change(view: Viewport): void {
    this.#view = view;
    this.#tooltip.hidden = true;
    this.draw();
  }

  #listen(): void {
    const canvas = this.#canvas;
    let dragged: { readonly x: number; readonly view: Viewport; far: boolean } | undefined;
    canvas.addEventListener('pointerdown', (event) => {
      dragged = { x: event.offsetX, view: this.#view, far: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!dragged) return this.#point(event);
      const pixels = event.offsetX - dragged.x;
      if (Math.abs(pixels) > 3) dragged.far = true;
      const { startS, endS } = dragged.view;
      if (dragged.far) {
        this.#change(moved(dragged.view, (-pixels / plotWidth(canvas.clientWidth)) * (endS - startS)));
      }
    });
    canvas.addEventListener('pointerup', (event) => {
      if (dragged && !dragged.far && event.offsetX > GUTTER) this.#onCursor(this.#timeAt(event.offsetX));
      dragged = undefined;
    });
    canvas.addEventListener('pointercancel', () => {
      dragged = undefined;
    });
    canvas.addEventListener('pointerleave', () => {
      this.#tooltip.hidden = true;
    });
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener('keydown', (event) => this.#key(event));
    this.#minimap.addEventListener('pointerdown', (event) => this.#minimap.setPointerCapture(event.pointerId));
    for (const name of ['pointerdown', 'pointermove'] as const) {
      this.#minimap.addEventListener(name, (event) => {
        if (event.buttons === 0) return;
        const { durationS, startS, endS } = this.#view;
        const timeS = timeAt({ view: wholeOf(durationS), width: this.#minimap.clientWidth }, event.offsetX);
        this.#change(around(this.#view, timeS, endS - startS));
      });
    }
  }

  /** The page scrolls as anywhere else until the timeline has the focus, or with Ctrl. */
  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== this.#canvas) return;
    event.preventDefault();
    const { startS, endS } = this.#view;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      this.#change(moved(this.#view, (event.deltaX / plotWidth(this.#canvas.clientWidth)) * (endS - startS)));
      return;
    }
    // A notch of a wheel is about a hundred; a touchpad sends many small ones.
    this.zoom(1.0025 ** event.deltaY, this.#timeAt(event.offsetX));
  }

  #key(event: KeyboardEvent): void {
    const { startS, endS, durationS } = this.#view;
    const partS = (endS - startS) / 8;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.#change(moved(this.#view, -partS)),
      ArrowRight: () => this.#change(moved(this.#view, partS)),
      Home: () => this.#change(moved(this.#view, -durationS)),
      End: () => this.#change(moved(this.#view, durationS)),
      '+': () => this.zoom(1 / ZOOM_STEP),
      '=': () => this.zoom(1 / ZOOM_STEP),
      '-': () => this.zoom(ZOOM_STEP),
      '0': () => this.zoomAll(),
      n: () => byId('next-error').click(),
      p: () => byId('previous-error').click(),
      ' ': () => byId('play').click(),
    };
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  }

  #point(event: PointerEvent): void {
    const lines = this.#scene ? describeAt(this.#scene, event.offsetX, event.offsetY) : [];
    this.#tooltip.hidden = lines.length === 0;
    if (lines.length === 0) return;
    this.#tooltip.textContent = lines.join('\n');
    const left = Math.min(event.offsetX + 14, this.#canvas.clientWidth - this.#tooltip.offsetWidth - 4);
    this.#tooltip.style.transform = `translate(${Math.max(0, left)}px, ${event.offsetY + 16}px)`;
  }

  #timeAt(x: number): number {
    return timeAt({ view: this.#view, width: this.#canvas.clientWidth }, x);
  }
}
