/**
 * Student's t distribution with a whole number of degrees of freedom, from its finite trigonometric series
 * (M. Abramowitz, I. Stegun: Handbook of Mathematical Functions, 26.7.3 and 26.7.4).
 */

/**
 * The t that is exceeded in absolute value with this probability.
 * @param both in (0, 1): 0.05 for 95 % between −t and t.
 * @param degrees of freedom, at least 1.
 */
export function studentQuantile(both: number, degrees: number): number {
  // Of θ = atan(t / √ν) the probability is a smooth function on a finite range, which halving cannot miss.
  let low = 0;
  let high = Math.PI / 2;
  for (;;) {
    const theta = (low + high) / 2;
    if (theta <= low || theta >= high) return Math.tan(theta) * Math.sqrt(degrees);
    if (within(theta, degrees) < 1 - both) low = theta;
    else high = theta;
  }
}

/** P(|T| ≤ √ν·tan θ). */
function within(theta: number, degrees: number): number {
  const [sine, cosine] = [Math.sin(theta), Math.cos(theta)];
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < degrees; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (theta + sine * sum) : sine * sum;
}
