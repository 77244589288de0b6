/**
 * Snappy (its format description of 2011) as it comes in: what is held is the last 128 KiB, however large the whole is.
 * Encoders look for repetitions in blocks of 64 KiB, so nothing refers back further.
 */

const WINDOW_BYTES = 1 << 17;
const BLOCK_BYTES = 1 << 18;
/** A tag and what belongs to it. */
const LONGEST_TAG = 5;
const LITERAL = 0;

export class SnappyStream {
  readonly #buffer = new Uint8Array(WINDOW_BYTES + BLOCK_BYTES);
  /** In the buffer: what is decoded, and what of it was handed out. */
  #end = 0;
  #given = 0;
  /** Bytes of a tag that is not there as a whole. */
  #rest: Uint8Array = new Uint8Array();
  #literalLeft = 0;
  #lengthRead = false;
  #out: Uint8Array[] = [];

  /**
   * @returns what is decoded by now, in pieces.
   * @throws Error on damage.
   */
  push(piece: Uint8Array): readonly Uint8Array[] {
    const input = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    let at = this.#skipLength(input);
    while (at < input.length) {
      if (this.#literalLeft > 0) {
        const count = Math.min(this.#literalLeft, input.length - at);
        this.#append(input.subarray(at, at + count));
        this.#literalLeft -= count;
        at += count;
        continue;
      }
      const size = tagBytes(input[at]!);
      if (at + size > input.length) break;
      this.#tag(input, at);
      at += size;
    }
    this.#rest = input.slice(at);
    this.#give();
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** @throws Error when more should have come. */
  finish(): void {
    if (this.#rest.length > 0 || this.#literalLeft > 0 || !this.#lengthRead) throw new Error('it ends too early');
  }

  /** The length of the whole stands first, as a varint; the header of the page says the same. */
  #skipLength(input: Uint8Array): number {
    if (this.#lengthRead) return 0;
    const last = input.findIndex((byte) => byte < 0x80);
    if (last > LONGEST_TAG) throw new Error('it has no length');
    this.#lengthRead = last >= 0;
    return last + 1 || input.length;
  }

  #tag(input: Uint8Array, at: number): void {
    const tag = input[at]!;
    const kind = tag & 3;
    if (kind === LITERAL) {
      const short = tag >>> 2;
      this.#literalLeft = (short < 60 ? short : number(input, at + 1, short - 59)) + 1;
    } else if (kind === 1) {
      this.#copy(((tag >>> 5) << 8) | input[at + 1]!, ((tag >>> 2) & 7) + 4);
    } else {
      this.#copy(number(input, at + 1, kind === 2 ? 2 : 4), (tag >>> 2) + 1);
    }
  }

  #append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      if (this.#end === this.#buffer.length) this.#slide();
      const count = Math.min(bytes.length - done, this.#buffer.length - this.#end);
      this.#buffer.set(bytes.subarray(done, done + count), this.#end);
      this.#end += count;
      done += count;
    }
  }

  #copy(offset: number, length: number): void {
    if (this.#end + length > this.#buffer.length) this.#slide();
    const from = this.#end - offset;
    if (offset === 0 || from < 0) throw new Error('it refers to what is not there');
    // Byte by byte: a copy may run into what it has just written.
    for (let i = 0; i < length; i++) this.#buffer[this.#end + i] = this.#buffer[from + i]!;
    this.#end += length;
  }

  #slide(): void {
    this.#give();
    const kept = Math.min(this.#end, WINDOW_BYTES);
    this.#buffer.copyWithin(0, this.#end - kept, this.#end);
    this.#end = kept;
    this.#given = kept;
  }

  #give(): void {
    if (this.#end > this.#given) this.#out.push(this.#buffer.slice(this.#given, this.#end));
    this.#given = this.#end;
  }
}

function tagBytes(tag: number): number {
  const kind = tag & 3;
  if (kind === LITERAL) return 1 + Math.max(0, (tag >>> 2) - 59);
  return kind === 1 ? 2 : kind === 2 ? 3 : 5;
}

/** Little-endian. */
function number(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!;
  return value;
}
