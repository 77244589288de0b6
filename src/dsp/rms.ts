/**
 * Loudness: root mean square, in double precision, to `into[index]`: returned, the number would be boxed. Eight sums that do not
 * wait for each other, in plain variables: in the loudness baseline this loop is the whole cost.
 */
export function measureRms(samples: Float32Array, into: Float64Array, index: number): void {
  const { length } = samples;
  const whole = length - (length % 8);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let e = 0;
  let f = 0;
  let g = 0;
  let h = 0;
  for (let i = 0; i < whole; i += 8) {
    a += samples[i]! * samples[i]!;
    b += samples[i + 1]! * samples[i + 1]!;
    c += samples[i + 2]! * samples[i + 2]!;
    d += samples[i + 3]! * samples[i + 3]!;
    e += samples[i + 4]! * samples[i + 4]!;
    f += samples[i + 5]! * samples[i + 5]!;
    g += samples[i + 6]! * samples[i + 6]!;
    h += samples[i + 7]! * samples[i + 7]!;
  }
  for (let i = whole; i < length; i++) a += samples[i]! * samples[i]!;
  into[index] = Math.sqrt((a + b + (c + d) + (e + f + (g + h))) / length);
}
