/** Playing a conversation: one stereo file, or two files side by side. The timeline shows where it is. */

import { byId } from './dom.js';

/** Two files that drift further apart than this are set right, s. */
const APART_S = 0.08;

export class Player {
  readonly #button = byId<HTMLButtonElement>('play');
  readonly #onTime: (timeS: number) => void;
  #tracks: readonly HTMLAudioElement[] = [];

  constructor(onTime: (timeS: number) => void) {
    this.#onTime = onTime;
    this.#button.addEventListener('click', () => this.#toggle());
  }

  /** @param addresses null = there is nothing to play. */
  load(addresses: readonly string[] | null): void {
    this.#stop();
    this.#tracks = (addresses ?? []).map((address) => {
      const track = new Audio();
      track.preload = 'none';
      track.src = address;
      return track;
    });
    this.#tracks[0]?.addEventListener('ended', () => this.#stop());
    this.#button.hidden = this.#tracks.length === 0;
  }

  seek(timeS: number): void {
    for (const track of this.#tracks) track.currentTime = timeS;
  }

  #toggle(): void {
    const [first] = this.#tracks;
    if (!first) return;
    if (!first.paused) {
      this.#stop();
      return;
    }
    for (const track of this.#tracks) track.play().catch(() => this.#fail());
    this.#button.textContent = 'Pause';
    this.#follow();
  }

  #stop(): void {
    for (const track of this.#tracks) track.pause();
    this.#button.textContent = 'Play';
  }

  #fail(): void {
    this.#stop();
    this.#button.textContent = 'Audio not found';
  }

  #follow(): void {
    const [first, second] = this.#tracks;
    if (!first || first.paused) return;
    if (second && Math.abs(second.currentTime - first.currentTime) > APART_S) second.currentTime = first.currentTime;
    this.#onTime(first.currentTime);
    requestAnimationFrame(() => this.#follow());
  }
}
