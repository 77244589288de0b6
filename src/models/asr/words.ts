/** What a recogniser hears: words with times, from whatever form its answer has. */

export interface Word {
  /** Without spaces around it, with its punctuation. */
  readonly text: string;
  /** s. Since the start of what was recognised, or of the conversation: whoever holds it says which. */
  readonly startS: number;
  readonly endS: number;
}

export interface Transcript {
  readonly words: readonly Word[];
  /** Times come from the recogniser, of words or of segments; false = words were spread evenly over all of the audio. */
  readonly isTimed: boolean;
}

/** Scripts that put no spaces between words: every character counts as one, with the punctuation after it. */
const UNSPACED = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}';
const WORDS = new RegExp(`[${UNSPACED}][^\\s\\p{L}\\p{N}]*|[^\\s${UNSPACED}]+`, 'gu');

/** The words of a text, evenly over a span of time. */
export function spread(text: string, startS: number, endS: number): Word[] {
  const texts = text.match(WORDS) ?? [];
  const eachS = (endS - startS) / texts.length;
  return texts.map((word, i) => ({ text: word, startS: startS + i * eachS, endS: startS + (i + 1) * eachS }));
}

/** What is left of a word when recognisers change their mind about its case and punctuation. */
export function bareText(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '') || text;
}

/** A full stop, question or exclamation mark at its end, before closing quotes; dots of hesitation are none. */
export function endsSentence(text: string): boolean {
  return /(?<!\.)[.!?。！？؟।]["'”’»)\]」』]*$/u.test(text);
}
