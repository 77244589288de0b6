/** A world without sockets and without waiting: a clock that jumps, and connections to stand-ins through memory. */

import { UserError } from '../../src/core/errors.js';
import type { Interval } from '../../src/core/gold.js';
import type { DiscriminativeModel } from '../../src/core/model.js';
import type { Clock } from '../../src/peers/clock.js';
import type { Connect, Connection, Listener, Message } from '../../src/peers/connection.js';
import { type FakeProtocol, type FakeSettings, Stage } from '../../src/peers/fake/stage.js';

/** Jumps to the next moment that somebody waits for, when nobody has anything else to do. */
export class JumpingClock implements Clock {
  #nowMs = 0;
  #waiting: { readonly dueMs: number; readonly wake: () => void }[] = [];
  #isRunning = false;

  nowMs(): number {
    return this.#nowMs;
  }

  until(moment: number): Promise<void> {
    return new Promise((wake) => {
      this.#waiting.push({ dueMs: Math.max(moment, this.#nowMs), wake });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    await settled();
    while (this.#waiting.length > 0) {
      const next = this.#waiting.reduce((a, b) => (b.dueMs < a.dueMs ? b : a));
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#nowMs = next.dueMs;
      next.wake();
      await settled();
    }
    this.#isRunning = false;
  }
}

/** Everybody has done what could be done without waiting. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export interface MemoryServer {
  readonly connect: Connect;
  /** Sessions in the order in which they were opened. */
  readonly stages: Stage[];
  readonly urls: string[];
  readonly headers: Readonly<Record<string, string>>[];
  /** What the client sent, by session. */
  readonly received: Message[][];
  readonly closed: boolean[];
}

export function memoryServer(protocol: FakeProtocol, clock: Clock, settings: FakeSettings = {}): MemoryServer {
  const server: MemoryServer = {
    stages: [],
    urls: [],
    headers: [],
    received: [],
    closed: [],
    connect: async ({ url, headers }, listener: Listener): Promise<Connection> => {
      const index = server.stages.length;
      let isOver = false;
      const end = (why: string) => () => {
        if (isOver) return;
        isOver = true;
        listener.onFailure(new UserError(why));
      };
      const stage = new Stage(
        {
          send: (message) => isOver || listener.onMessage(message),
          close: end('the server closed the session (code 1000)'),
          drop: end('the server closed the session (code 1006)'),
          stall() {},
        },
        clock,
        settings,
      );
      server.stages.push(stage);
      server.urls.push(url);
      server.headers.push(headers);
      server.received.push([]);
      server.closed.push(false);
      const session = protocol.accept(stage, new URL(url));
      return {
        send(message) {
          if (isOver) return;
          server.received[index]!.push(message);
          session.onMessage(message);
        },
        async close() {
          isOver = true;
          server.closed[index] = true;
        },
      };
    },
  };
  return server;
}

/**
 * Floors of both subjects, step by step.
 * @param loud when speaker 1 is to be heard; speaker 2 is always silent.
 */
export async function drive(
  model: DiscriminativeModel,
  steps: number,
  loud: readonly Interval[] = [],
): Promise<[number[], number[]]> {
  const floors: [number[], number[]] = [[], []];
  const silence = new Float32Array(model.inputSampleRate / 50);
  const tone = silence.map((_, i) => 0.3 * Math.sin(i / 10));
  model.live!.begin(steps);
  await model.reset();
  for (let step = 0; step < steps; step++) {
    const isLoud = loud.some(({ startS, endS }) => (step + 0.5) / 50 >= startS && (step + 0.5) / 50 < endS);
    const [one, two] = await model.stepBoth!(isLoud ? tone : silence, silence);
    floors[0].push(one as number);
    floors[1].push(two as number);
  }
  return floors;
}

/** Ends of the steps at which the floor changes, s. */
export function changes(floors: readonly number[]): number[] {
  return floors.flatMap((floor, i) => (floor === (floors[i - 1] ?? 0) ? [] : [(i + 1) / 50]));
}
