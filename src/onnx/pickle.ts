/**
 * A pickle reader that cannot run anything. A pickle is a program for a stack machine, and its dangerous part is that
 * it may name any function and call it. Here a name resolves to nothing but what the host offers, a call goes to a
 * function of ours, and an opcode that a state dict does not need is an error. The opcodes are those of protocol 2
 * that PyTorch writes and accepts itself when told to load weights only.
 *
 * Work and memory grow linearly with the length of the pickle: no opcode copies more than the stack items that
 * earlier opcodes have put there, and nothing recurses.
 */

import { UserError } from '../core/errors.js';

/** dict → Map, list and tuple → array, int → number (bigint beyond 2⁵³), the rest as it is or as the host makes it. */
export type PickleValue = unknown;

export interface PickleHost {
  /**
   * What a global stands for.
   * @throws UserError for all but the few that are known.
   */
  global(module: string, name: string): Callable;
  /** What a persistent id stands for. */
  persistent(id: PickleValue): PickleValue;
}

/** The only thing that can be called. Pickled data cannot make one. */
export class Callable {
  readonly name: string;
  readonly call: (args: readonly PickleValue[]) => PickleValue;

  constructor(name: string, call: (args: readonly PickleValue[]) => PickleValue) {
    this.name = name;
    this.call = call;
  }
}

/** @throws UserError when the pickle is damaged, or uses anything that is not on the list. */
export function unpickle(bytes: Uint8Array, host: PickleHost): PickleValue {
  return new Machine(bytes, host).run();
}

const MARK = Symbol('mark');

const TEXT = new TextDecoder('utf-8', { fatal: true });

class Machine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #host: PickleHost;
  readonly #stack: PickleValue[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #at = 0;

  constructor(bytes: Uint8Array, host: PickleHost) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#host = host;
  }

  run(): PickleValue {
    for (;;) {
      const at = this.#at;
      const opcode = this.#uint8();
      if (opcode === 0x2e) return this.#pop(); // STOP
      if (!this.#container(opcode) && !this.#scalar(opcode) && !this.#object(opcode)) {
        throw refused(`opcode 0x${opcode.toString(16).padStart(2, '0')} at byte ${at}`);
      }
    }
  }

  /** Stack, memo, tuples, lists and dicts. */
  #container(opcode: number): boolean {
    const stack = this.#stack;
    switch (opcode) {
      case 0x28: // MARK
        stack.push(MARK);
        return true;
      case 0x29: // EMPTY_TUPLE
      case 0x5d: // EMPTY_LIST
        stack.push([]);
        return true;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        return true;
      case 0x74: // TUPLE
        stack.push(this.#popMark());
        return true;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        stack.push(this.#popMany(opcode - 0x84));
        return true;
      case 0x61: // APPEND
        this.#append(this.#popMany(1));
        return true;
      case 0x65: // APPENDS
        this.#append(this.#popMark());
        return true;
      case 0x73: // SETITEM
        this.#setItems(this.#popMany(2));
        return true;
      case 0x75: // SETITEMS
        this.#setItems(this.#popMark());
        return true;
      case 0x71: // BINPUT
        this.#memo.set(this.#uint8(), this.#top());
        return true;
      case 0x72: // LONG_BINPUT
        this.#memo.set(this.#uint32(), this.#top());
        return true;
      case 0x68: // BINGET
        stack.push(this.#recall(this.#uint8()));
        return true;
      case 0x6a: // LONG_BINGET
        stack.push(this.#recall(this.#uint32()));
        return true;
      default:
        return false;
    }
  }

  #scalar(opcode: number): boolean {
    const stack = this.#stack;
    switch (opcode) {
      case 0x80: // PROTO
        this.#protocol(this.#uint8());
        return true;
      case 0x4e: // NONE
        stack.push(null);
        return true;
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        stack.push(opcode === 0x88);
        return true;
      case 0x4b: // BININT1
        stack.push(this.#uint8());
        return true;
      case 0x4d: // BININT2
        stack.push(this.#uint8() + 256 * this.#uint8());
        return true;
      case 0x4a: // BININT
        stack.push(this.#uint32() | 0);
        return true;
      case 0x8a: // LONG1
        stack.push(signedInteger(this.#take(this.#uint8())));
        return true;
      case 0x47: // BINFLOAT, the only big-endian field
        stack.push(this.#view.getFloat64(this.#skip(8), false));
        return true;
      case 0x58: // BINUNICODE
        stack.push(this.#text(this.#take(this.#uint32())));
        return true;
      default:
        return false;
    }
  }

  #object(opcode: number): boolean {
    const stack = this.#stack;
    switch (opcode) {
      case 0x63: // GLOBAL
        stack.push(this.#host.global(this.#line(), this.#line()));
        return true;
      case 0x51: // BINPERSID
        stack.push(this.#host.persistent(this.#pop()));
        return true;
      case 0x52: // REDUCE
      case 0x81: // NEWOBJ: the same for us, classes are functions
        this.#reduce();
        return true;
      case 0x62: // BUILD: attributes of an object (`_metadata` of a state dict) are of no interest
        this.#pop();
        this.#top();
        return true;
      default:
        return false;
    }
  }

  #reduce(): void {
    const [callable, args] = this.#popMany(2);
    if (!(callable instanceof Callable) || !Array.isArray(args))
      throw damaged('a call of something that is no function');
    this.#stack.push(callable.call(args));
  }

  #append(items: readonly PickleValue[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw damaged('items for something that is no list');
    for (const item of items) list.push(item);
  }

  #setItems(items: readonly PickleValue[]): void {
    const dict = this.#top();
    // An object of the host may be filled like a dict; what is put there is of no interest.
    if (!(dict instanceof Map)) throw damaged('keys for something that is no dict');
    if (items.length % 2 !== 0) throw damaged('a key without a value');
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  }

  #recall(index: number): PickleValue {
    if (!this.#memo.has(index)) throw damaged(`memo entry ${index}, which was never stored`);
    return this.#memo.get(index);
  }

  #top(): PickleValue {
    const value = this.#stack.at(-1);
    if (this.#stack.length === 0 || value === MARK) throw damaged('an empty stack');
    return value;
  }

  #pop(): PickleValue {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #popMany(count: number): PickleValue[] {
    const values = this.#stack.slice(-count);
    if (values.length < count || values.includes(MARK)) throw damaged('an empty stack');
    this.#stack.length -= count;
    return values;
  }

  #popMark(): PickleValue[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) throw damaged('a missing mark');
    const values = this.#stack.slice(mark + 1);
    this.#stack.length = mark;
    return values;
  }

  #protocol(version: number): void {
    if (version !== 2) throw refused(`protocol ${version}`);
  }

  #uint8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  #uint32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  #take(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw damaged('a name without an end');
    const line = this.#text(this.#bytes.subarray(this.#at, end));
    this.#at = end + 1;
    return line;
  }

  #text(bytes: Uint8Array): string {
    try {
      return TEXT.decode(bytes);
    } catch (cause) {
      throw damaged('text that is not UTF-8', cause);
    }
  }

  #skip(length: number): number {
    const start = this.#at;
    if (start + length > this.#bytes.length) throw damaged('an early end');
    this.#at = start + length;
    return start;
  }
}

/** Little-endian two's complement of up to 255 bytes. */
function signedInteger(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = value * 256n + BigInt(bytes[i] ?? 0);
  const signed = BigInt.asIntN(8 * bytes.length, value);
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : signed;
}

function damaged(what: string, cause?: unknown): UserError {
  return new UserError(`the pickle has ${what}`, { hint: 'the file is damaged: download it again', cause });
}

function refused(what: string): UserError {
  return new UserError(`the pickle uses ${what}, which weights do not need: not read`, {
    hint: 'save the weights alone with torch.save({"model_state_dict": model.state_dict()}, file) and use that file',
  });
}
