/**
 * Conversations that advance together, as many of them in one inference as ask at the same time.
 *
 * A conversation is megabytes of state, too much to be gathered for every call. So each lane has a seat for good, two
 * rows of one stream, and a call runs over the first so many seats: those who ask. Who does not ask, because its file is
 * being read or it has ended, changes places with one who does and sits behind them, where nothing is computed. As the
 * same lanes ask again and again, seats rarely change; when they do it takes some milliseconds.
 */

import { Lockstep } from '../lockstep.js';
import { CHUNK_SAMPLES, FRAMES_PER_CHUNK } from './dimensions.js';
import { CLASSES } from './endpointer-dimensions.js';
import { type MimiNetworks, MimiStream } from './stream.js';

/** What one conversation hears and is answered. */
export interface MimiConversation {
  /** `[2, 1920]`: the next 80 ms of both channels, untouched until the answer. */
  readonly audio: Float32Array;
  /** `[2, 2, classes]`: the latest answer, of two frames per channel, with that channel as subject. */
  readonly probabilities: Float32Array;
}

/** Rows of a conversation. */
const PAIR = 2;
const ANSWER = PAIR * FRAMES_PER_CHUNK * CLASSES.length;

/** Whose conversation a pair of rows is. */
interface Seat {
  conversation: MimiConversation | null;
}

interface Ask {
  readonly seat: Seat;
  readonly conversation: MimiConversation;
}

export class MimiLanes {
  readonly #stream: MimiStream;
  readonly #lockstep = new Lockstep<Ask>((asked) => this.#advance(asked));
  /** In the order of the rows. */
  readonly #seats: Seat[] = [];

  constructor(networks: MimiNetworks) {
    this.#stream = new MimiStream(networks, PAIR);
  }

  join(): MimiLane {
    const seat: Seat = { conversation: null };
    this.#seats.push(seat);
    this.#lockstep.join();
    return { next: (conversation) => this.#lockstep.ask({ seat, conversation }) };
  }

  async #advance(asked: readonly Ask[]): Promise<void> {
    // Who asks twice has given up the earlier conversation, and nobody waits for its answer.
    const due = new Map(asked.map(({ seat, conversation }) => [seat, conversation]));
    this.#stream.reserve(PAIR * this.#seats.length);
    this.#bringForward(due);
    for (const [i, seat] of this.#seats.slice(0, due.size).entries()) {
      const conversation = due.get(seat)!;
      if (seat.conversation !== conversation) this.#begin(i, conversation);
      this.#stream.audio.set(conversation.audio, i * PAIR * CHUNK_SAMPLES);
    }
    const { probabilities } = await this.#stream.next(PAIR * due.size);
    const numbers = probabilities!.data as Float32Array;
    for (let i = 0; i < due.size; i++) {
      this.#seats[i]!.conversation!.probabilities.set(numbers.subarray(i * ANSWER, (i + 1) * ANSWER));
    }
  }

  /** Who is due comes to sit before who is not. */
  #bringForward(due: ReadonlyMap<Seat, unknown>): void {
    let behind = due.size;
    for (let i = 0; i < due.size; i++) {
      if (due.has(this.#seats[i]!)) continue;
      while (!due.has(this.#seats[behind]!)) behind++;
      for (let row = 0; row < PAIR; row++) this.#stream.swap(i * PAIR + row, behind * PAIR + row);
      [this.#seats[i], this.#seats[behind]] = [this.#seats[behind]!, this.#seats[i]!];
    }
  }

  #begin(i: number, conversation: MimiConversation): void {
    for (let row = 0; row < PAIR; row++) this.#stream.clear(i * PAIR + row);
    this.#seats[i]!.conversation = conversation;
  }
}

/** One of the conversations at once. */
export interface MimiLane {
  /** Settles when the 80 ms in the conversation's `audio` are answered. A conversation begins with its first call. */
  next(conversation: MimiConversation): Promise<void>;
}

export function newConversation(): MimiConversation {
  return { audio: new Float32Array(PAIR * CHUNK_SAMPLES), probabilities: new Float32Array(ANSWER) };
}
