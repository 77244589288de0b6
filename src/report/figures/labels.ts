/**
 * Where names go: beside their curve, where they cover neither a curve, nor a mark, nor one another. When one finds no
 * such place, there is a legend instead.
 */

import type { Box } from './frame.js';

export interface Label {
  readonly text: string;
  /** Pixels. */
  readonly width: number;
  /** Points beside which it may stand, the best first. */
  readonly anchors: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Left end of the baseline. */
export type Place = Point;

/** Height of a line of text above and below its baseline, pixels. */
const ASCENT = 10;
const DESCENT = 4;
/** From an anchor to its text. */
const GAP = 9;
/** Kept free around a text. */
const MARGIN = 2;
/** Further anchors would not be better. */
const MOST_ANCHORS = 40;

/**
 * @param obstacles points that must stay uncovered, curves as points a few pixels apart.
 * @returns a place per label, in the same order; undefined when one of them has none.
 */
export function placeLabels(labels: readonly Label[], plot: Box, obstacles: readonly Point[]): Place[] | undefined {
  const taken: Box[] = [];
  const places: Place[] = [];
  for (const label of labels) {
    const place = candidates(label).find((candidate) => {
      const box = boxOf(candidate, label.width);
      return (
        box.left >= plot.left &&
        box.right <= plot.right &&
        box.top >= plot.top &&
        box.bottom <= plot.bottom &&
        !taken.some((other) => overlap(box, other)) &&
        !obstacles.some(({ x, y }) => x > box.left && x < box.right && y > box.top && y < box.bottom)
      );
    });
    if (place === undefined) return undefined;
    places.push(place);
    taken.push(boxOf(place, label.width));
  }
  return places;
}

/** Right, left, below right, above right, below left, above left, above, below. */
function candidates({ anchors, width }: Label): Place[] {
  const every = Math.ceil(anchors.length / MOST_ANCHORS);
  const middle = (ASCENT - DESCENT) / 2;
  const [below, above] = [GAP + ASCENT - 3, -GAP + DESCENT - 2];
  return anchors
    .filter((_, i) => i % every === 0)
    .flatMap(({ x, y }) => [
      { x: x + GAP, y: y + middle },
      { x: x - GAP - width, y: y + middle },
      { x: x + GAP / 2, y: y + below },
      { x: x + GAP / 2, y: y + above },
      { x: x - GAP / 2 - width, y: y + below },
      { x: x - GAP / 2 - width, y: y + above },
      { x: x - width / 2, y: y + above - 2 },
      { x: x - width / 2, y: y + below + 2 },
    ]);
}

function boxOf({ x, y }: Place, width: number): Box {
  return { left: x - MARGIN, right: x + width + MARGIN, top: y - ASCENT - MARGIN, bottom: y + DESCENT + MARGIN };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
