import { Command } from 'commander';
import { UserError } from '../core/errors.js';
import { annotatorAgreement } from '../corpus/agreement.js';
import { humanTiming } from '../corpus/human.js';
import { corpusTiming } from '../corpus/timing.js';
import { openDataset } from '../dataset/catalogue.js';
import { partOf } from '../dataset/selection.js';
import { exportGold } from '../gold/export.js';
import { goldStatistics } from '../gold/statistics.js';
import { renderAgreement, renderCorpusTiming, renderHumanTiming } from '../report/corpus.js';
import { renderGoldStatistics } from '../report/gold-statistics.js';
import { packageVersion } from '../result/environment.js';
import { GOLD_VERSION, SCORER_VERSION } from '../result/schema.js';
import { type AnnotatedConversation, annotatedConversations, byConversationType } from '../run/annotated.js';
import { TAU_MAX_S, TAU_PRE_S } from '../score/match.js';
import { datasetOption, printJson, splitOption, withExamples, withOutputFlags } from './options.js';

interface GoldFlags {
  readonly dataset: string;
  readonly split?: string;
  readonly json?: boolean;
}

export function goldCommand(): Command {
  const gold = new Command('gold').description('what the annotators of a data set agree on, and how people take turns');
  const add = (name: string, description: string): Command =>
    gold.command(name).description(description).addOption(datasetOption()).addOption(splitOption());

  const stats = add('stats', 'count gold events, spans and excluded intervals, per conversation and in total');
  withExamples(withOutputFlags(stats), 'turnbench gold stats -d ./my-data').action(printStatistics);

  const exported = add('export', 'print the gold as one JSON document, as the public tool does');
  withExamples(exported, 'turnbench gold export -d ./my-data > gold.json').action(printGold);

  const agreement = add('agreement', 'how far annotators agree: F1 of segments per label, kappa of the floor');
  withExamples(withOutputFlags(agreement), 'turnbench gold agreement -d ./my-data').action(printAgreement);

  const human = add('human', 'how fast people take and yield the floor: the latency that a person would have had');
  withExamples(withOutputFlags(human), 'turnbench gold human -d ./my-data').action(printHumanTiming);

  const corpus = add('corpus', 'turn lengths, pauses, floor-transfer offsets and overlap, per conversation type');
  withExamples(withOutputFlags(corpus), 'turnbench gold corpus -d ./my-data --json').action(printCorpusTiming);
  return withExamples(gold, 'turnbench gold stats', 'turnbench gold export -d ./my-data > gold.json');
}

/** Layout of the public artefact; what stamps it there is a commit of the public scorer. */
async function printGold({ dataset: name, split }: GoldFlags): Promise<void> {
  const dataset = await partOf(await openDataset(name), split);
  const conversations: Record<string, object> = {};
  for await (const { id, durationS, gold } of annotatedConversations(dataset)) {
    conversations[id] = { duration_s: durationS, ...exportGold(gold) };
  }
  printJson({
    scorer_sha: `turnbench ${packageVersion()} (gold ${GOLD_VERSION}, scorer ${SCORER_VERSION})`,
    dataset_revision: dataset.info.revision,
    tau_pre_s: TAU_PRE_S,
    tau_max_s: TAU_MAX_S,
    conversations,
  });
}

async function printStatistics(flags: GoldFlags): Promise<void> {
  const annotated = await conversationsOf(flags);
  const conversations = annotated.map(({ id, gold }) => [id, goldStatistics([gold])] as const);
  const total = goldStatistics(annotated.map(({ gold }) => gold));
  if (flags.json) printJson({ total, conversations: Object.fromEntries(conversations) });
  else process.stdout.write(renderGoldStatistics(conversations, total));
}

async function printAgreement(flags: GoldFlags): Promise<void> {
  const pairs = annotatorAgreement(await conversationsOf(flags));
  if (pairs.length === 0) {
    throw new UserError(`no conversation of ${flags.dataset} has two annotators`, {
      hint: 'agreement is between annotators: gold stats, gold human and gold corpus need only one',
    });
  }
  if (flags.json) printJson({ pairs });
  else process.stdout.write(renderAgreement(pairs));
}

async function printHumanTiming(flags: GoldFlags): Promise<void> {
  const rows = byConversationType(await conversationsOf(flags)).map(
    ([type, group]) => [type, humanTiming(group.map(({ gold }) => gold))] as const,
  );
  if (flags.json) printJson(byTypeDocument(rows));
  else process.stdout.write(renderHumanTiming(rows));
}

async function printCorpusTiming(flags: GoldFlags): Promise<void> {
  const rows = byConversationType(await conversationsOf(flags)).map(
    ([type, group]) => [type, corpusTiming(group)] as const,
  );
  if (flags.json) printJson(byTypeDocument(rows));
  else process.stdout.write(renderCorpusTiming(rows));
}

/** @param rows the total last. */
function byTypeDocument<T>(rows: readonly (readonly [type: string, value: T])[]): object {
  return { total: rows.at(-1)?.[1], conversation_types: Object.fromEntries(rows.slice(0, -1)) };
}

async function conversationsOf({ dataset: name, split }: GoldFlags): Promise<AnnotatedConversation[]> {
  const conversations: AnnotatedConversation[] = [];
  const dataset = await partOf(await openDataset(name), split);
  for await (const conversation of annotatedConversations(dataset)) conversations.push(conversation);
  return conversations;
}
