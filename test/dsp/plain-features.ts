/** The same features straight from their definition, in double precision and without any speed. */

const WINDOW = 128_000;
const FRAME = 400;
const HOP = 160;
const FRAMES = 800;
const MELS = 80;

const hann = Float64Array.from({ length: FRAME }, (_, n) => Math.sin((Math.PI * n) / FRAME) ** 2);
const cosines = Float64Array.from({ length: FRAME }, (_, n) => Math.cos((2 * Math.PI * n) / FRAME));
const filters = melMatrix();

/** @param heard what is left of the turn: at most 8 s */
export function plainFeatures(heard: Float32Array): Float64Array {
  const window = new Float64Array(WINDOW);
  window.set(heard, WINDOW - heard.length);
  const mean = window.reduce((sum, x) => sum + x, 0) / WINDOW;
  const variance = window.reduce((sum, x) => sum + (x - mean) ** 2, 0) / WINDOW;
  const normal = window.map((x) => (x - mean) / Math.sqrt(variance + 1e-7));
  const logs = new Float64Array(MELS * FRAMES);
  for (let k = 0; k < FRAMES; k++) {
    const power = powerSpectrum(Float64Array.from(hann, (w, n) => w * normal[reflect(k * HOP - FRAME / 2 + n)]!));
    for (let mel = 0; mel < MELS; mel++) {
      let energy = 0;
      for (let bin = 0; bin < power.length; bin++) energy += filters[mel]![bin]! * power[bin]!;
      logs[mel * FRAMES + k] = Math.log10(Math.max(energy, 1e-10));
    }
  }
  const top = logs.reduce((a, b) => Math.max(a, b));
  return logs.map((value) => (Math.max(value, top - 8) + 4) / 4);
}

function reflect(position: number): number {
  return position < 0 ? -position : position >= WINDOW ? 2 * WINDOW - 2 - position : position;
}

/** Bins 0 to 200, by the definition; even and odd part first, which halves the work. */
function powerSpectrum(frame: Float64Array): Float64Array {
  const half = FRAME / 2;
  const power = new Float64Array(half + 1);
  for (let k = 0; k <= half; k++) {
    let re = frame[0]! + (k % 2 === 0 ? frame[half]! : -frame[half]!);
    let im = 0;
    for (let n = 1; n < half; n++) {
      const turn = (k * n) % FRAME;
      re += (frame[n]! + frame[FRAME - n]!) * cosines[turn]!;
      im += (frame[n]! - frame[FRAME - n]!) * cosines[(turn + 300) % FRAME]!;
    }
    power[k] = re * re + im * im;
  }
  return power;
}

/** `[80][201]`, in the words of the library that the networks were trained with: triangles between mel points. */
function melMatrix(): number[][] {
  const toMel = (hz: number) => (hz >= 1000 ? 15 + Math.log(hz / 1000) * (27 / Math.log(6.4)) : (3 * hz) / 200);
  const toHz = (mel: number) => (mel >= 15 ? 1000 * Math.exp((Math.log(6.4) / 27) * (mel - 15)) : (200 * mel) / 3);
  const points = Array.from({ length: MELS + 2 }, (_, i) => toHz((toMel(8000) * i) / (MELS + 1)));
  return Array.from({ length: MELS }, (_, mel) => {
    const [low, peak, high] = [points[mel]!, points[mel + 1]!, points[mel + 2]!];
    return Array.from({ length: FRAME / 2 + 1 }, (_, bin) => {
      const hz = bin * 40;
      const height = Math.max(0, Math.min((hz - low) / (peak - low), (high - hz) / (high - peak)));
      return (height * 2) / (high - low);
    });
  });
}
