/** What a single event is called. */

import type { Task } from '../core/events.js';

export const EVENT_NAMES: Readonly<Record<Task, string>> = { eot: 'end of turn', int: 'interruption' };
