/** Bytes as text, the same in Node and in a browser. */

/** Long argument lists overflow the stack. */
const PIECE_BYTES = 8190;

/** Pieces of a multiple of three bytes are whole groups of four letters, so that their texts can be joined. */
export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE_BYTES))));
  }
  return pieces.join('');
}

/** @throws Error on text that is not base 64. */
export function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
