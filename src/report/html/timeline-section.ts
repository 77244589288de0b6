/** The places which the script of the page fills: the timeline with its controls, and the table of errors. */

import type { NamedRun } from '../figures/run.js';
import { type Html, html } from './html.js';
import { modelName } from './model-name.js';

export function timelineSection(runs: readonly NamedRun[], ids: readonly string[]): Html {
  return html`<section id="timelines" class="wide" aria-labelledby="timelines-title" data-needs-script>
<h2 id="timelines-title">Timelines</h2>
<noscript><p class="note">Timelines and the list of errors need JavaScript.</p></noscript>
<div class="panel">
<div class="controls">
<div class="control"><label for="conversation">Conversation</label><span class="row">
<button type="button" id="previous-conversation" aria-label="Previous conversation">‹</button>
<select id="conversation">${ids.map((id, i) => html`<option value="${i}">${id}</option>`)}</select>
<button type="button" id="next-conversation" aria-label="Next conversation">›</button></span></div>
<fieldset class="control models"><legend>Model</legend><span class="row">${runs.map(
    (run, i) =>
      html`<label class="choice"><input type="radio" name="model" value="${i}"${i === 0 ? html` checked` : null}>${modelName(run)}</label>`,
  )}</span></fieldset>
<div class="control threshold"><label for="threshold">Threshold θ <output id="threshold-value" for="threshold"></output></label><span class="row">
<input type="range" id="threshold" min="0" max="0" step="1" value="0">
<button type="button" id="threshold-reset">As run</button></span></div>
</div>
<div id="totals" class="totals"></div>
<p id="spoken" class="visually-hidden" aria-live="polite"></p>
<div class="view">
<canvas id="timeline" tabindex="0" role="application" aria-roledescription="timeline" aria-describedby="timeline-help"></canvas>
<div id="tooltip" class="tooltip" hidden></div>
</div>
<canvas id="minimap" aria-hidden="true"></canvas>
<div class="toolbar" role="toolbar" aria-label="Timeline">
<button type="button" id="play" hidden>Play</button>
<button type="button" id="zoom-in" aria-label="Zoom in">+</button>
<button type="button" id="zoom-out" aria-label="Zoom out">−</button>
<button type="button" id="zoom-all">Whole conversation</button>
<button type="button" id="previous-error">‹ Error</button>
<button type="button" id="next-error">Error ›</button>
<span id="position" class="muted"></span>
</div>
<ul id="legend" class="legend"></ul>
<p id="timeline-help" class="note">Drag to move. Ctrl and wheel to zoom; after a click into the timeline the wheel alone.
Keys: ← → move, + − zoom, 0 whole conversation, N and P next and previous error.</p>
</div>
</section>`;
}

export function errorsSection(): Html {
  return html`<section id="errors" aria-labelledby="errors-title" data-needs-script>
<h2 id="errors-title">Misses and false positives</h2>
<p class="note">Of the model and the threshold that are chosen above. “Wrong for” is how long the floor was wrong because of
the error: after a miss until the model noticed or the gold floor changed again, after a false positive until the model
took it back or the gold floor followed.</p>
<div class="controls">
<div class="control"><label for="error-kind">Kind</label><select id="error-kind"><option value="">all</option><option value="fn">misses</option><option value="fp">false positives</option></select></div>
<div class="control"><label for="error-task">Task</label><select id="error-task"><option value="">both</option><option value="eot">ends of turns</option><option value="int">interruptions</option></select></div>
<p id="error-count" class="muted" role="status"></p>
</div>
<div class="scroll" tabindex="0" role="region" aria-labelledby="errors-title"><table id="error-table" class="errors">
<thead><tr>
<th scope="col" aria-sort="none"><button type="button" data-sort="kind">Kind</button></th>
<th scope="col" aria-sort="none"><button type="button" data-sort="task">Task</button></th>
<th scope="col" aria-sort="none"><button type="button" data-sort="conversation">Conversation</button></th>
<th scope="col" aria-sort="none"><button type="button" data-sort="speaker">Speaker</button></th>
<th scope="col" aria-sort="none" class="number"><button type="button" data-sort="time">Time</button></th>
<th scope="col" aria-sort="descending" class="number"><button type="button" data-sort="wrong">Wrong for, s</button></th>
<th scope="col">What happened</th></tr></thead>
<tbody></tbody></table></div>
<button type="button" id="more-errors" hidden>Show more</button>
</section>`;
}
