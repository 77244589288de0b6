/**
 * Gates as JUnit XML, which CI systems show as tests: one suite per run, one case per gate and one per conversation
 * that failed or is missing. There is no schema that all readers share; elements and attributes are those that the
 * JUnit task of Ant writes. Times are left out: a gate takes none.
 */

import type { Comparison, Gate, GateCheck } from '../compare/schema.js';
import { inUnit, NOTHING, signed } from './numbers.js';

export function renderJunit({ dataset, runs, comparisons }: Comparison): string {
  const suites = comparisons.flatMap(({ run, gate }) =>
    gate ? [suite(`turnbench ${dataset.name} ${run} against ${runs[0]?.source}`, run, gate)] : [],
  );
  const total = (key: 'tests' | 'failures' | 'errors'): number => suites.reduce((sum, each) => sum + each[key], 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'turnbench', tests: total('tests'), failures: total('failures'), errors: total('errors') })}>`,
    ...suites.flatMap(({ lines }) => lines),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly lines: readonly string[];
}

function suite(name: string, run: string, { checks, conversations }: Gate): Suite {
  const isFailure = ({ outcome }: GateCheck) => outcome === 'failed' || outcome === 'lost';
  const tests = checks.length + conversations.length;
  const errors = conversations.filter(({ kind }) => kind === 'failed').length;
  const failures = checks.filter(isFailure).length + conversations.length - errors;
  const skipped = checks.filter(({ outcome }) => outcome === 'skipped').length;
  const cases = [
    ...checks.map((check) => testCase(run, check.metric, checkBody(check))),
    ...conversations.map(({ conversation_id: id, kind, message }) =>
      testCase(run, `conversation ${id}`, outcome(kind === 'failed' ? 'error' : 'failure', message, '')),
    ),
  ];
  const head = `  <testsuite${attributes({ name, tests, failures, errors, skipped })}>`;
  return { tests, failures, errors, lines: [head, ...cases, '  </testsuite>'] };
}

function checkBody(check: GateCheck): string {
  if (check.outcome === 'skipped') return `<skipped${attributes({ message: check.message })}/>`;
  if (check.outcome === 'failed' || check.outcome === 'lost')
    return outcome('failure', check.message, checkText(check));
  return `<system-out>${escapeXml(`${check.outcome}: ${check.message}\n${checkText(check)}`)}</system-out>`;
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
  return `    <testcase${attributes({ classname: `turnbench.${run}`, name })}>${body}</testcase>`;
}

function outcome(element: 'failure' | 'error', message: string, text: string): string {
  return `<${element}${attributes({ message, type: element })}>${escapeXml(text)}</${element}>`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');
}

/** Ids and messages are text. What XML 1.0 cannot say, not even escaped, becomes a replacement character. */
function escapeXml(text: string): string {
  return text
    .replace(FORBIDDEN, '\uFFFD')
    .replace(/[&<>"'\t\n\r]/g, (character) => ENTITIES[character] ?? `&#${character.charCodeAt(0)};`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF\p{Surrogate}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
