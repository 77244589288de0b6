/**
 * Pipecat's turn handling as its documentation tells it, with a buffer of chunks and a bit for an answer: what the gate
 * does with positions and a probability. Written apart from the gate, to be compared with it.
 */

const CHUNK = 512;

interface Constants {
  readonly start: number;
  readonly stop: number;
  readonly preSpeechChunks: number;
  readonly force: number;
  readonly completionThreshold: number;
}

export class PipecatTwin {
  readonly #constants: Constants;
  #vad: 'quiet' | 'starting' | 'speaking' | 'stopping' = 'quiet';
  #count = 0;
  #chunk = -1;
  /** Indices of the chunks since the last complete turn. */
  #buffer: number[] = [];
  /** Where in time the turn began, when it has. */
  #turn: number | undefined;
  #silence = 0;
  #floor: 0 | 1 = 0;

  constructor(constants: Constants) {
    this.#constants = constants;
  }

  /** @param answer P(complete) of the turn whose audio begins at a sample */
  floorAfter(isSpeech: boolean, answer: (turnStart: number) => number): 0 | 1 {
    this.#chunk++;
    this.#buffer.push(this.#chunk);
    const news = this.#hear(isSpeech);
    if (news === 'started') {
      this.#turn ??= this.#chunk - this.#constants.start + 1 - this.#constants.preSpeechChunks;
      this.#silence = 0;
      this.#floor = 1;
    } else if (news === 'stopped') {
      const first = this.#buffer.find((chunk) => chunk >= this.#turn!)!;
      if (answer(first * CHUNK) >= this.#constants.completionThreshold) this.#complete();
    } else if (this.#vad === 'quiet' || this.#vad === 'starting') {
      this.#silence++;
      if (this.#turn !== undefined && this.#silence >= this.#constants.force) this.#complete();
    }
    return this.#floor;
  }

  #complete(): void {
    this.#buffer = [];
    this.#turn = undefined;
    this.#floor = 0;
  }

  /** The VAD's four states. */
  #hear(isSpeech: boolean): 'started' | 'stopped' | undefined {
    const { start, stop } = this.#constants;
    if (this.#vad === 'quiet' || this.#vad === 'starting') {
      this.#count = isSpeech ? (this.#vad === 'starting' ? this.#count + 1 : 1) : 0;
      this.#vad = isSpeech ? 'starting' : 'quiet';
      if (this.#count < start) return undefined;
      this.#vad = 'speaking';
      return 'started';
    }
    this.#count = isSpeech ? 0 : this.#vad === 'stopping' ? this.#count + 1 : 1;
    this.#vad = isSpeech ? 'speaking' : 'stopping';
    if (this.#count < stop) return undefined;
    this.#vad = 'quiet';
    this.#count = 0;
    this.#silence = 0;
    return 'stopped';
  }
}
