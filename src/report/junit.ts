/**
 * Gates as JUnit XML, which CI systems show as tests: one suite per run, one case per gate and one per conversation
 * that failed or is missing. There is no schema that all readers share; elements and attributes are those that the
 * JUnit task of Ant writes. Times are left out: a gate takes none.
 */

import type { Comparison, Gate, GateCheck } from '../compare/schema.js';
import { inUnit, NOTHING, signed } from './numbers.js';
import { element, escapeXml } from './xml.js';

export function renderJunit({ dataset, runs, comparisons }: Comparison): string {
  const suites = comparisons.flatMap(({ run, gate }) =>
    gate ? [suite(`turnbench ${dataset.name} ${run} against ${runs[0]?.source}`, run, gate)] : [],
  );
  const total = (key: keyof Tally): number => suites.reduce((sum, { tally }) => sum + tally[key], 0);
  const tally = { tests: total('tests'), failures: total('failures'), errors: total('errors') };
  const lines = suites.map(({ xml }) => `\n  ${xml}`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: 'turnbench', ...tally }, ...lines, '\n')}\n`;
}

interface Tally {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
}

function suite(name: string, run: string, { checks, conversations }: Gate): { tally: Tally; xml: string } {
  const errors = conversations.filter(({ kind }) => kind === 'failed').length;
  const failures = checks.filter(isFailure).length + conversations.length - errors;
  const skipped = checks.filter(({ outcome }) => outcome === 'skipped').length;
  const tally = { tests: checks.length + conversations.length, failures, errors };
  const cases = [
    ...checks.map((check) => testCase(run, check.metric, checkBody(check))),
    ...conversations.map(({ conversation_id: id, kind, message }) =>
      testCase(run, `conversation ${id}`, failure(kind === 'failed' ? 'error' : 'failure', message, '')),
    ),
  ].map((each) => `\n    ${each}`);
  return { tally, xml: element('testsuite', { name, ...tally, skipped }, ...cases, '\n  ') };
}

function checkBody(check: GateCheck): string {
  if (isFailure(check)) return failure('failure', check.message, checkText(check));
  if (check.outcome === 'skipped') return element('skipped', { message: check.message });
  return element('system-out', {}, escapeXml(`${check.outcome}: ${check.message}\n${checkText(check)}`));
}

function isFailure({ outcome }: GateCheck): boolean {
  return outcome === 'failed' || outcome === 'lost';
}

/** One line: what was, what is, by how much worse, and what is allowed. */
export function checkText({ metric, unit, reference, value, loss, loss_interval, allowed_loss }: GateCheck): string {
  const interval = loss_interval
    ? ` [${signed(loss_interval[0], unit)}, ${signed(loss_interval[1], unit)}]`
    : ' (no interval)';
  const worse = loss === null ? NOTHING : `${signed(loss, unit)}${interval}`;
  const change = `${inUnit(reference, unit)} → ${inUnit(value, unit)}`;
  return `${metric}: ${change}, worse by ${worse}, allowed ${inUnit(allowed_loss, unit)}`;
}

function testCase(run: string, name: string, body: string): string {
  return element('testcase', { classname: `turnbench.${run}`, name }, body);
}

function failure(kind: 'failure' | 'error', message: string, text: string): string {
  return element(kind, { message, type: kind }, escapeXml(text));
}
