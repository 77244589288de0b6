/** A worker process of `turnbench eval -j`: started by the run, never by a person. */

import { renderTimeline } from '../report/timeline.js';
import { serveRun } from '../run/worker.js';

// What a model prints is for people.
console.log = console.info = console.debug = console.error;
serveRun(renderTimeline);
