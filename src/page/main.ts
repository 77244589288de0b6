/** The page comes alive: controls, timeline and table of one report, kept in step. */

import { OVERVIEW_ID } from '../report/html/page-data.js';
import { threshold as thresholdText } from '../report/numbers.js';
import { byId } from './dom.js';
import { ErrorTable, type PlacedMistake } from './error-table.js';
import { judge } from './judge.js';
import { showLegend } from './legend.js';
import { Library, type Verdicts } from './library.js';
import { mistakesOf } from './mistakes.js';
import { Player } from './player.js';
import { say } from './speech.js';
import { followTheme } from './theme.js';
import { Timeline, ZOOM_STEP } from './timeline.js';
import { showTotals } from './totals.js';

document.documentElement.dataset['script'] = 'on';
if (document.getElementById(OVERVIEW_ID)) start();
else followTheme(() => {});

function start(): void {
  const library = new Library();
  const { runs, conversations } = library.overview;
  const timeline = new Timeline((timeS) => {
    timeline.setCursor(timeS);
    player.seek(timeS);
  });
  const player = new Player((timeS) => timeline.setCursor(timeS, true));
  const table = new ErrorTable((mistake) => visit(mistake));
  const slider = byId<HTMLInputElement>('threshold');
  const chooser = byId<HTMLSelectElement>('conversation');
  let conversation = 0;
  let run = 0;
  let threshold = runs[0]!.threshold;
  let mistakes: readonly PlacedMistake[] = [];

  followTheme(() => timeline.drawNow());
  showLegend();
  chooser.addEventListener('change', () => choose(Number(chooser.value)));
  byId('previous-conversation').addEventListener('click', () => choose(conversation - 1));
  byId('next-conversation').addEventListener('click', () => choose(conversation + 1));
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name=model]')) {
    radio.checked = Number(radio.value) === 0;
    radio.addEventListener('change', () => chooseRun(Number(radio.value)));
  }
  slider.addEventListener('input', () => moveTo(runs[run]!.thresholds![Number(slider.value)]!));
  byId('threshold-reset').addEventListener('click', () => chooseRun(run));
  byId('zoom-in').addEventListener('click', () => timeline.zoom(1 / ZOOM_STEP));
  byId('zoom-out').addEventListener('click', () => timeline.zoom(ZOOM_STEP));
  byId('zoom-all').addEventListener('click', () => timeline.zoomAll());
  byId('next-error').addEventListener('click', () => step(1));
  byId('previous-error').addEventListener('click', () => step(-1));
  choose(0);
  // What was drawn first stays on the screen while everything is judged.
  setTimeout(() => chooseRun(0));

  function choose(index: number): void {
    conversation = Math.min(Math.max(0, index), conversations.length - 1);
    chooser.value = String(conversation);
    byId<HTMLButtonElement>('previous-conversation').disabled = conversation === 0;
    byId<HTMLButtonElement>('next-conversation').disabled = conversation === conversations.length - 1;
    player.load(library.audioOf(conversation));
    showTimeline();
  }

  /** At its own threshold. */
  function chooseRun(index: number): void {
    run = index;
    const { threshold: own, thresholds } = runs[run]!;
    slider.disabled = thresholds === null;
    byId<HTMLButtonElement>('threshold-reset').disabled = thresholds === null;
    slider.max = String(thresholds ? thresholds.length - 1 : 0);
    slider.value = String(thresholds ? thresholds.indexOf(own!) : 0);
    moveTo(own);
  }

  async function moveTo(value: number | null): Promise<void> {
    threshold = value;
    const text = value === null ? 'fixed' : thresholdText(value);
    byId('threshold-value').textContent = text;
    slider.setAttribute('aria-valuetext', text);
    showTimeline();
    const verdicts = await library.judgeAll(run, threshold);
    if (!verdicts) return;
    showTotals(verdicts, threshold);
    mistakes = placed(verdicts);
    table.show(mistakes);
    announce(verdicts);
  }

  /** For whoever drives the page: what was committed, by conversation. */
  function announce(verdicts: Verdicts): void {
    const events = Object.fromEntries(
      verdicts.flatMap((verdict, i) => (verdict ? [[conversations[i]!.id, verdict.events]] : [])),
    );
    document.dispatchEvent(new CustomEvent('turnbench:judged', { detail: { run, threshold, events } }));
  }

  function showTimeline(): void {
    const shown = library.get(conversation);
    timeline.show({ shown, run, threshold, judgement: judge(shown.judged, run, threshold, runs[run]!.threshold) });
  }

  function placed(verdicts: Verdicts): PlacedMistake[] {
    return verdicts.flatMap((verdict, i) => {
      const { about, judged } = library.get(i);
      if (!verdict || !judged.gold) return [];
      const place = { conversation: i, conversationId: about.id };
      return mistakesOf(verdict, judged.gold, about.duration_s).map((mistake) => ({ ...mistake, ...place }));
    });
  }

  /** From the table: the reader goes along. */
  function visit(mistake: PlacedMistake): void {
    if (mistake.conversation !== conversation) choose(mistake.conversation);
    jump(mistake);
    byId('timeline').scrollIntoView({ block: 'center' });
    byId('timeline').focus({ preventScroll: true });
  }

  function jump(mistake: PlacedMistake): void {
    timeline.jumpTo(mistake);
    const kind = mistake.kind === 'fn' ? 'Miss' : 'False positive';
    say(`${kind} of speaker ${mistake.speaker} at ${mistake.timeS.toFixed(2)} seconds: ${mistake.what}.`);
  }

  /** The next mistake of this conversation in time, or the one before. */
  function step(direction: 1 | -1): void {
    const here = mistakes.filter((mistake) => mistake.conversation === conversation);
    const fromS = timeline.focusS;
    const next =
      direction === 1 ? here.find(({ timeS }) => timeS > fromS) : here.findLast(({ timeS }) => timeS < fromS);
    if (next) jump(next);
  }
}
