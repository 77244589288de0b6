/** A conversation's audio second by second, from the beginning again when less than a second is left. */

import type { AudioReader, AudioSource } from '../core/conversation.js';
import { type PerSpeaker, perSpeaker } from '../core/speaker.js';

export class LoopedSeconds {
  readonly #audio: AudioSource;
  readonly #block: PerSpeaker<Float32Array>;
  #reader: AudioReader | undefined;
  #secondsLeft = 0;

  /** @param audio at least one second long. */
  constructor(audio: AudioSource) {
    this.#audio = audio;
    this.#block = perSpeaker(() => new Float32Array(audio.sampleRateHz));
  }

  /** Begin again if need be: opening a file is not what is to be timed. */
  async prepare(): Promise<void> {
    if (this.#secondsLeft > 0) return;
    await this.close();
    this.#reader = await this.#audio.open();
    this.#secondsLeft = Math.floor(this.#audio.length / this.#audio.sampleRateHz);
  }

  /** The next second of both channels, into a buffer of its own. After `prepare`. */
  read(): unknown {
    this.#secondsLeft--;
    return this.#reader!.read(this.#block);
  }

  async close(): Promise<void> {
    await this.#reader?.close();
    this.#reader = undefined;
  }
}
