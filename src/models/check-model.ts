import { messageOf, throwIfProblems } from '../core/errors.js';
import type { DiscriminativeModel } from '../core/model.js';
import { samplesPerStep } from '../core/time.js';

/**
 * Refuse an object that does not keep the model contract, before any audio is streamed.
 * @param subject how to call it in messages
 * @throws UserError with every breach at once
 */
export function checkModel(subject: string, candidate: unknown): DiscriminativeModel {
  if (typeof candidate !== 'object' || candidate === null) {
    throwIfProblems(
      subject,
      [`loadModel returned ${candidate === null ? 'null' : typeof candidate}, not a model`],
      HINT,
    );
  }
  const model = candidate as Partial<Record<keyof DiscriminativeModel, unknown>>;
  throwIfProblems(
    subject,
    [
      ...rateProblems(model.inputSampleRate),
      ...(['reset', 'step'] as const).filter((key) => !isFunction(model[key])).map((key) => `has no ${key} function`),
      ...(['stepBoth', 'stepMany', 'ready', 'components', 'close'] as const)
        .filter((key) => model[key] !== undefined && !isFunction(model[key]))
        .map((key) => `${key} is not a function`),
      ...thresholdProblems(model.thresholds),
      ...(model.defaultThreshold === undefined || isThreshold(model.defaultThreshold)
        ? []
        : [`defaultThreshold is ${show(model.defaultThreshold)}, not a number between 0 and 1`]),
      ...videoProblems(model.video),
      ...weightProblems(model.weights),
    ],
    HINT,
  );
  return candidate as DiscriminativeModel;
}

const HINT = 'a model has inputSampleRate (Hz, a multiple of 50), reset() and step(subject, other)';

function rateProblems(rate: unknown): string[] {
  if (typeof rate !== 'number') return [`inputSampleRate is ${show(rate)}, not a number of Hz`];
  try {
    samplesPerStep(rate);
    return [];
  } catch (error) {
    return [`inputSampleRate: ${messageOf(error)}`];
  }
}

function thresholdProblems(thresholds: unknown): string[] {
  if (thresholds === undefined) return [];
  if (!Array.isArray(thresholds) || thresholds.length === 0) return ['thresholds is not a list of numbers'];
  const outside = thresholds.filter((threshold) => !isThreshold(threshold));
  if (outside.length > 0) return [`thresholds contain ${show(outside[0])}, not a number between 0 and 1`];
  const descends = thresholds.findIndex((threshold, i) => i > 0 && threshold <= thresholds[i - 1]);
  if (descends < 0) return [];
  return [`thresholds must ascend: ${thresholds[descends]} follows ${thresholds[descends - 1]}`];
}

/** px. More would be 50 MB per frame. */
const LARGEST_SIDE = 4096;

function videoProblems(video: unknown): string[] {
  if (video === undefined) return [];
  const { width, height } = (video ?? {}) as Record<string, unknown>;
  const isSide = (side: unknown) => Number.isInteger(side) && (side as number) > 0 && (side as number) <= LARGEST_SIDE;
  return isSide(width) && isSide(height)
    ? []
    : [`video is not { width, height }, whole numbers from 1 to ${LARGEST_SIDE} px`];
}

function weightProblems(weights: unknown): string[] {
  if (weights === undefined) return [];
  const ok =
    Array.isArray(weights) && weights.every((w) => typeof w?.file === 'string' && typeof w?.sha256 === 'string');
  return ok ? [] : ['weights is not a list of { file, sha256 }'];
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function isThreshold(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value < 1;
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
