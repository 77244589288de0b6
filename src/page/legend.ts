/** What the marks and colours of the timeline mean. */

import { byId, make } from './dom.js';

const ENTRIES = [
  ['tp', 'found in time'],
  ['fp', 'false positive'],
  ['fn', 'missed'],
  ['ignored', 'not counted'],
  ['turn', 'turn'],
  ['pause', 'pause within a turn'],
  ['backchannel', 'backchannel'],
  ['interruption', 'interruption'],
  ['other-label', 'laughter, noise, failed attempt'],
  ['window', 'where an event is right'],
  ['negative', 'where it is wrong'],
  ['hatch', 'not looked at'],
] as const;

export function showLegend(): void {
  const items = ENTRIES.map(([name, text]) =>
    make('li', {}, make('span', { class: `key ${name}`, 'aria-hidden': 'true' }), text),
  );
  byId('legend').replaceChildren(...items);
}
