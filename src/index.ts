/** The library façade: what a program that embeds turnbench may rely on. */

export { baselineOf, DEFAULT_TOLERANCES, renderBaseline } from './compare/baseline.js';
export { type CompareOptions, compareRuns } from './compare/compare.js';
export {
  FP_CEILING,
  type LeaderboardEntry,
  leaderboard,
  leaderboardDocument,
  type PlacedEntry,
} from './compare/leaderboard.js';
export { METRICS, type Metric } from './compare/metrics.js';
export type { ComparedMetric, Comparison, Gate, GateCheck } from './compare/schema.js';
export type { ScoredRun } from './compare/scored-run.js';
export type { Tolerance, Tolerances } from './compare/tolerance.js';
export type * from './core/awaitable.js';
export type * from './core/conversation.js';
export type * from './core/counts.js';
export { EXIT, type ExitCode, UserError } from './core/errors.js';
export type * from './core/events.js';
export type * from './core/gold.js';
export type * from './core/model.js';
export type * from './core/speaker.js';
export { STEP_S, STEPS_PER_SECOND, samplesPerStep, stepEndS } from './core/time.js';
export type * from './core/tracks.js';
export type * from './core/user-turn.js';
export type * from './core/video.js';
export { annotatorAgreement, type PairAgreement } from './corpus/agreement.js';
export { type HumanTiming, humanTiming } from './corpus/human.js';
export { type CorpusTiming, corpusTiming } from './corpus/timing.js';
export { openDataset } from './dataset/catalogue.js';
export { openDirectory } from './dataset/directory.js';
export { type Pulled, type PullOptions, pullHub } from './dataset/hub-files.js';
export { partOf, type Selection, selectIds } from './dataset/selection.js';
export { type Split, type SplitOptions, splitConversations } from './dataset/split.js';
export { commitEvents } from './decide/commit.js';
export { eventsOf, floorFromBits, floorsFromProbability } from './decide/floor.js';
export { floorsAt } from './decide/levels.js';
export { buildGold } from './gold/build.js';
export { type BenchOptions, benchModel } from './latency/bench.js';
export { currentLoad, type Load } from './latency/noise.js';
export { type LoadSettings, loadModel } from './models/catalogue.js';
export { type PolicyOptions, policyConfig } from './policy/config.js';
export { evaluatePolicies, type PolicyEvaluation, rowsByLanguage } from './policy/evaluate.js';
export { trackOfLevels, trackOfProbabilities } from './policy/floor-score.js';
export type { Judged } from './policy/judged.js';
export { judgedToDisk } from './policy/on-disk.js';
export {
  type EotEvent,
  type EotTrack,
  type PredictionRow,
  rowsFromEvents,
  rowsFromTrack,
} from './policy/predictions.js';
export type { PolicyRow } from './policy/sweep.js';
export { type SilenceSpan, spanSet, turnSpans } from './policy/turn-spans.js';
export { type AnsweredConversation, evaluateTwoChannel, type TwoChannelEvaluation } from './policy/two-channel.js';
export { visibleMessages, visibleSamples } from './policy/visible.js';
export { renderBench } from './report/bench.js';
export { renderComparison, renderComparisonMarkdown } from './report/compare.js';
export { drawFigures } from './report/figures/draw.js';
export type { Figure } from './report/figures/frame.js';
export type { FigureRun } from './report/figures/run.js';
export { renderJunit } from './report/junit.js';
export { renderRunMarkdown } from './report/markdown.js';
export { renderPolicyMarkdown, renderPolicyText } from './report/policy.js';
export { renderSweepCsv } from './report/sweep-csv.js';
export type { BenchReport, ComponentTiming } from './result/bench-schema.js';
export { countsFromDisk } from './result/counts.js';
export { type AnsweredFloors, floorFromDisk } from './result/floor.js';
export { readConversationRows, readRun, readRunHeader, type StoredRun } from './result/run-folder.js';
export type { ConversationRow, RunHeader, SweepRow, TaskScore, Totals } from './result/schema.js';
export { type EvaluationSettings, evaluate, type FinishedRun } from './run/evaluate.js';
export { mergeRuns } from './run/merge.js';
export { type EvaluationPlan, type EvaluationRequest, planEvaluation } from './run/plan.js';
export { type JudgeOptions, judgeRun } from './run/policy.js';
export { judgeFile } from './run/policy-file.js';
export { type FileScore, scorePredictionsFile } from './run/score-file.js';
export { readScoredRun } from './run/scored-runs.js';
export { readShardRuns, type ShardRuns } from './run/shard-runs.js';
export { type RunNumbers, summarise } from './run/summarise.js';
export { type FileSweep, type FileSweepOptions, type SweepRowOnDisk, sweepProbabilityFile } from './run/sweep-file.js';
export { type PreparedConversation, prepareConversation, scoreConversation } from './score/conversation.js';
export { addCounts, zeroCounts } from './score/counts.js';
export { scoreTask } from './score/match.js';
export { type Rates, ratesOf } from './score/rates.js';
export {
  type CausalityOptions,
  type CausalityReport,
  type CausalityViolation,
  checkCausality,
} from './stream/causality.js';
export { type DriveOptions, type DriveResult, driveConversation, type StepTimer } from './stream/drive.js';
export { parseGrid, UNIFORM_THRESHOLDS } from './sweep/grid.js';
export { operatingPoint, type Tradeoff } from './sweep/operating-point.js';
export {
  type ProbabilityConversation,
  type ProbabilityRow,
  type SweepOptions,
  sweepProbabilities,
} from './sweep/probabilities.js';
