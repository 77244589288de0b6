/**
 * Gates as workflow commands of GitHub Actions (`::error title=…::message`), which it shows beside the job: failures as
 * errors, what is unclear as warnings. Other text cannot end a command or begin one: line ends and the characters with
 * a meaning are escaped as GitHub's toolkit does.
 */

import type { Comparison } from '../compare/schema.js';
import { checkText } from './junit.js';

export function renderAnnotations({ comparisons, warnings }: Comparison): string {
  const lines = comparisons.flatMap(({ run, gate }) => {
    if (!gate) return [];
    return [
      ...gate.checks.flatMap((check) => {
        const text = `${run}: ${checkText(check)}: ${check.message}`;
        if (check.outcome === 'failed' || check.outcome === 'lost') return [command('error', 'gate failed', text)];
        return check.outcome === 'unclear' ? [command('warning', 'gate unclear', text)] : [];
      }),
      ...gate.conversations.map(({ conversation_id: id, kind, message }) =>
        command('error', `conversation ${kind}`, `${run}: conversation ${id}: ${message}`),
      ),
    ];
  });
  return [...lines, ...warnings.map((warning) => command('warning', 'comparison', warning))]
    .map((line) => `${line}\n`)
    .join('');
}

function command(level: 'error' | 'warning', title: string, message: string): string {
  return `::${level} title=${escapeProperty(`turnbench: ${title}`)}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
