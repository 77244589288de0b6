import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { AudioSource } from '../../src/core/conversation.js';
import { EXIT, UserError } from '../../src/core/errors.js';
import type { DiscriminativeModel, FloorDecision } from '../../src/core/model.js';
import { driveConversation } from '../../src/stream/drive.js';
import { FakeClock } from '../helpers/clock.js';
import { memoryAudio, noise } from '../helpers/samples.js';
import { energy, modelOf } from './models.js';

const THRESHOLDS = [0.2, 0.3, 0.35, 0.6];

/** Seconds of two different noises at 8 kHz. */
function audioOf(seconds: number, options: { asynchronous?: boolean } = {}): AudioSource {
  const length = Math.floor(seconds * 8000);
  return memoryAudio(8000, noise(length, 1), noise(length, 2), options);
}

/** A model with memory whose probability depends on both channels, in every answer form. */
function honest(form: (p: number) => FloorDecision, rest: Partial<DiscriminativeModel> = {}) {
  let smooth = 0;
  return modelOf((subject, other, step) => {
    smooth = step === 0 ? 0 : 0.5 * smooth;
    smooth += energy(subject) * (1 - energy(other.subarray(0, 20)));
    return form(Math.min(1, smooth / 1.2));
  }, rest);
}

const FORMS: Record<string, () => ReturnType<typeof honest>> = {
  bit: () => honest((p) => (p > 0.35 ? 1 : 0)),
  bits: () => honest((p) => THRESHOLDS.map((threshold) => (p > threshold ? 1 : 0)), { thresholds: THRESHOLDS }),
  pFloor: () => honest((pFloor) => ({ pFloor })),
};

function asynchronous(model: DiscriminativeModel): DiscriminativeModel {
  return { ...model, reset: async () => model.reset(), step: async (subject, other) => model.step(subject, other) };
}

/** Both subjects at once, each with its own memory. */
function joint(make: () => DiscriminativeModel): DiscriminativeModel {
  const models = [make(), make()] as const;
  return {
    ...models[0],
    reset: async () => models.forEach((model) => void model.reset()),
    step: () => {
      throw new Error('a joint model is not asked for single steps');
    },
    stepBoth: (first, second) => [
      models[0].step(first, second) as FloorDecision,
      models[1].step(second, first) as FloorDecision,
    ],
  };
}

describe('both passes', () => {
  it.each([0.5, 2.51, 11])('hand a sink of %d s the same probabilities that a track would hold', async (seconds) => {
    const model = honest((pFloor) => ({ pFloor }));
    const { tracks } = await driveConversation(model, audioOf(seconds));
    const pushed: { 1: number[]; 2: number[] } = { 1: [], 2: [] };
    const sinks = {
      1: { push: (p: Float64Array) => void pushed[1].push(...p) },
      2: { push: (p: Float64Array) => void pushed[2].push(...p) },
    };
    const streamed = await driveConversation(model, audioOf(seconds), { sinks });
    expect(streamed.tracks).toEqual({ 1: { kind: 'streamed' }, 2: { kind: 'streamed' } });
    expect(tracks).toEqual({
      1: { kind: 'probability', pFloor: Float64Array.from(pushed[1]) },
      2: { kind: 'probability', pFloor: Float64Array.from(pushed[2]) },
    });
  });

  it.each(Object.keys(FORMS))(
    'give the same tracks whether %s answers come at once, later, or jointly',
    async (form) => {
      const make = FORMS[form] as () => DiscriminativeModel;
      const audio = audioOf(2.51);
      const expected = await driveConversation(make(), audio);
      expect(expected.steps).toBe(125);
      expect(expected.tracks[1]).not.toEqual(expected.tracks[2]);

      for (const model of [asynchronous(make()), joint(make), asynchronousJoint(joint(make))]) {
        expect((await driveConversation(model, audio)).tracks).toEqual(expected.tracks);
      }
      const slowAudio = audioOf(2.51, { asynchronous: true });
      expect((await driveConversation(make(), slowAudio)).tracks).toEqual(expected.tracks);
    },
  );

  it('are independent: the model is reset before each, once before a joint pass', async () => {
    const model = modelOf(() => 0);
    await driveConversation(model, audioOf(1));
    expect(model.resets).toBe(2);

    const both = modelOf(() => 0, { stepBoth: () => [0, 0] });
    await driveConversation(both, audioOf(1));
    expect(both.resets).toBe(1);
  });

  it('give the subject first', async () => {
    const heard: boolean[] = [];
    const audio = memoryAudio(8000, new Float32Array(160).fill(0.1), new Float32Array(160).fill(0.2));
    await driveConversation(
      modelOf((subject, other) => heard.push((subject[0] ?? 0) < (other[0] ?? 0)) && 0),
      audio,
    );

    expect(heard).toEqual([true, false]);
  });

  it('of audio shorter than a step are empty tracks', async () => {
    const { tracks, steps } = await driveConversation(FORMS['bit']?.() as DiscriminativeModel, audioOf(0.019));

    expect(steps).toBe(0);
    expect(tracks[1]).toEqual({ kind: 'bit', floor: { steps: 0, edges: new Int32Array(0) } });
  });
});

function asynchronousJoint(model: DiscriminativeModel): DiscriminativeModel {
  return { ...model, stepBoth: async (a, b) => model.stepBoth?.(a, b) as readonly [FloorDecision, FloorDecision] };
}

describe('timed steps', () => {
  it('are asked for one by one, also of a model that could answer both passes at once', async () => {
    const clock = new FakeClock();
    const heard: string[] = [];
    const timer = {
      nowMs: clock.now,
      onStep: (subject: 1 | 2, computeMs: number) => heard.push(`${subject}: ${computeMs}`),
    };
    const model = modelOf(
      async (_s, _o, step) => {
        await null;
        clock.ms += step + 1;
        return { pFloor: 0.5 };
      },
      {
        stepBoth: () => {
          throw new Error('a timed model is not asked for joint steps');
        },
      },
    );
    const { tracks } = await driveConversation(model, audioOf(0.06), { timer });
    expect(heard).toEqual(['1: 1', '1: 2', '1: 3', '2: 1', '2: 2', '2: 3']);
    expect(tracks[2]).toEqual({ kind: 'probability', pFloor: Float64Array.of(0.5, 0.5, 0.5) });
  });

  it('give the tracks of untimed ones', async () => {
    const timer = { nowMs: () => 0, onStep: () => undefined };
    for (const make of Object.values(FORMS)) {
      const { tracks } = await driveConversation(joint(make), audioOf(2.51));
      expect((await driveConversation(make(), audioOf(2.51), { timer })).tracks).toEqual(tracks);
    }
  });
});

describe('tracks', () => {
  it('keep a bit as the steps at which it changes', async () => {
    // step   0 1 2 3 4 5 6
    // bit    1 1 0 0 1 0 0
    const bits = [1, 1, 0, 0, 1, 0, 0];
    const { tracks } = await driveConversation(
      modelOf((_s, _o, step) => bits[step]),
      audioOf(0.14),
    );

    expect(tracks[2]).toEqual({ kind: 'bit', floor: { steps: 7, edges: Int32Array.of(0, 2, 4, 5) } });
  });

  it('of bits and of probabilities agree at every threshold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 50, maxLength: 50 }),
        async (ps) => {
          const audio = audioOf(1);
          const asked = { thresholds: THRESHOLDS };
          const bits = await driveConversation(
            modelOf((_s, _o, step) => THRESHOLDS.map((threshold) => ((ps[step] as number) > threshold ? 1 : 0)), asked),
            audio,
          );
          const probabilities = await driveConversation(
            modelOf((_s, _o, step) => ({ pFloor: ps[step] })),
            audio,
          );

          expect(probabilities.tracks[1]).toEqual({ kind: 'probability', pFloor: Float64Array.from(ps) });
          for (const [k, threshold] of THRESHOLDS.entries()) {
            const { tracks } = await driveConversation(
              modelOf((_s, _o, step) => ((ps[step] as number) > threshold ? 1 : 0)),
              audio,
            );
            const [all, one] = [bits.tracks[1], tracks[1]];
            expect(all.kind === 'bits' && all.floors[k]).toEqual(one.kind === 'bit' && one.floor);
          }
        },
      ),
      { numRuns: 5 },
    );
  });
});

describe('answers that the contract does not allow', () => {
  const drive = (model: DiscriminativeModel) => driveConversation(model, audioOf(1));
  const at = (step: number, answer: unknown) => (_s: unknown, _o: unknown, now: number) => (now === step ? answer : 0);

  it.each<[string, unknown, string]>([
    ['2', 2, 'the model answered 2'],
    ['true', true, 'the model answered true'],
    ['NaN', Number.NaN, 'the model answered NaN'],
    ['nothing', undefined, 'the model answered undefined'],
    ['null', null, 'the model answered null'],
    ['text', 'floor', "the model answered 'floor'"],
    ['an object', { floor: 1 }, 'the model answered an object without pFloor'],
    ['a probability after bits', { pFloor: 0.5 }, 'the model answered { pFloor: 0.5 } after answering one bit before'],
    ['a list after bits', [1, 0], 'the model answered [1, 0] after answering one bit before'],
  ])('are named with step, time and subject: %s', async (_name, answer, message) => {
    await expect(drive(modelOf(at(7, answer)))).rejects.toThrow(`step 7 (0.14 s), speaker 1 as subject: ${message}`);
  });

  it('are found in the second pass as well', async () => {
    const model = modelOf((subject, _other, step) => (step === 3 && model.resets === 2 ? subject : 0));

    await expect(drive(model)).rejects.toThrow(
      'step 3 (0.06 s), speaker 2 as subject: the model answered a Float32Array',
    );
  });

  it.each([
    [{ pFloor: Number.NaN }, 'the model answered { pFloor: NaN }'],
    [{ pFloor: 1.5 }, 'the model answered { pFloor: 1.5 }'],
    [{ pFloor: -1e-9 }, 'the model answered { pFloor: -1e-9 }'],
    [{ pFloor: '0.5' }, "the model answered { pFloor: '0.5' }"],
    [{}, 'the model answered an object without pFloor'],
    [null, 'the model answered null'],
    [undefined, 'the model answered undefined'],
    [1, 'the model answered 1 after answering pFloor before'],
  ])('of a probability model are checked: %j', async (answer, message) => {
    const model = modelOf((_s, _o, step) => (step === 2 ? answer : { pFloor: 0.5 }));

    await expect(drive(model)).rejects.toThrow(`step 2 (0.04 s), speaker 1 as subject: ${message}`);
  });

  it.each<[unknown, string]>([
    [[1, 0], 'the model answered 2 bits for 3 thresholds'],
    [[1, 0, 0, 0], 'the model answered 4 bits for 3 thresholds'],
    [[1, 2, 0], 'the model answered 2 at index 1 of its bits'],
    [[1, undefined, 0], 'the model answered undefined at index 1 of its bits'],
    [1, 'the model has `thresholds` but answered 1 instead of 3 bits'],
    [{ pFloor: 0.5 }, 'the model has `thresholds` but answered { pFloor: 0.5 } instead of 3 bits'],
  ])('of a model in sweep mode are checked: %j', async (answer, message) => {
    const model = modelOf(() => answer, { thresholds: [0.1, 0.5, 0.9] });

    await expect(drive(model)).rejects.toThrow(`step 0 (0.00 s), speaker 1 as subject: ${message}`);
  });

  it('include a list of bits from a model without thresholds', async () => {
    await expect(drive(modelOf(() => [1]))).rejects.toThrow(
      'the model answered a list of bits but has no `thresholds`',
    );
  });

  it('include a joint answer that is no pair', async () => {
    const model = modelOf(() => 0, { stepBoth: (() => [0]) as never });

    await expect(drive(model)).rejects.toThrow('step 0 (0.00 s): `stepBoth` did not answer a pair of decisions');
  });

  it.each<[unknown, string]>([
    [[], '[] is not a list of numbers'],
    ['0.5', "'0.5' is not a list of numbers"],
    [[0.5, 1], '1 is not in (0, 1)'],
    [[0, 0.5], '0 is not in (0, 1)'],
    [[0.5, Number.NaN], 'NaN is not in (0, 1)'],
    [[0.5, 0.5], '0.5 after 0.5 is not ascending'],
    [[0.5, 0.3], '0.3 after 0.5 is not ascending'],
  ])('include thresholds, before anything is run: %j', async (thresholds, message) => {
    const step = vi.fn();
    await expect(drive(modelOf(step, { thresholds: thresholds as number[] }))).rejects.toThrow(message);
    expect(step).not.toHaveBeenCalled();
  });
});

describe('a model that fails', () => {
  it('is reported with step, time and subject, and its own error as the cause', async () => {
    const cause = new RangeError('tensor has the wrong shape');
    const fail = (step: number) => {
      if (step === 60) throw cause;
      return 0 as const;
    };
    const models = [modelOf((_s, _o, step) => fail(step)), modelOf(async (_s, _o, step) => fail(step))];
    for (const model of models) {
      const error = await driveConversation(model, audioOf(2)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UserError);
      expect(error).toMatchObject({
        message: expect.stringMatching(
          /^step 60 \(1\.20 s\), speaker 1 as subject: the model failed: tensor has the wrong shape \(drive\.test\.ts:\d+:\d+\)$/,
        ),
        cause,
      });
    }
  });

  it('in reset is reported as such', async () => {
    const model = modelOf(() => 0, { reset: () => Promise.reject(new Error('no weights')) });

    await expect(driveConversation(model, audioOf(1))).rejects.toThrow(
      'reset before the pass with speaker 1 as subject: the model failed: no weights',
    );
  });

  it('keeps the remedy and exit code of what it threw', async () => {
    const missing = new UserError('libfoo is missing', { hint: 'install libfoo', exitCode: EXIT.prerequisite });
    const model = modelOf(() => {
      throw missing;
    });

    await expect(driveConversation(model, audioOf(1))).rejects.toMatchObject({ hint: 'install libfoo', exitCode: 5 });
  });

  it('to answer in time is given up', async () => {
    const never = new Promise<FloorDecision>(() => undefined);
    const model = modelOf((_s, _o, step) => (step < 3 ? Promise.resolve(0) : never));

    await expect(driveConversation(model, audioOf(1), { stepDeadlineS: 0.02 })).rejects.toThrow(
      'step 3 (0.06 s), speaker 1 as subject: the model failed: no answer within 0.02 s',
    );
  });

  it('to finish its reset in time is given up', async () => {
    const model = modelOf(() => 0, { reset: () => new Promise(() => undefined) });

    await expect(driveConversation(model, audioOf(1), { stepDeadlineS: 0.02 })).rejects.toThrow(
      'no answer within 0.02 s',
    );
  });

  it('does not keep the audio open', async () => {
    const close = vi.fn();
    const audio = audioOf(1);
    const watched: AudioSource = {
      ...audio,
      open: async () => ({ ...(await audio.open()), close }),
    };
    await expect(
      driveConversation(
        modelOf(() => 2),
        watched,
      ),
    ).rejects.toThrow();
    expect(close).toHaveBeenCalledOnce();
  });
});

describe('the deadline', () => {
  it('is for each answer, not for all of them', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const model = modelOf(() => new Promise((resolve) => setTimeout(() => resolve(0), 20_000)));
      let steps = 0;
      const run = driveConversation(model, audioOf(0.1), { stepDeadlineS: 30 }).then((result) => {
        steps = result.steps;
      });
      // Ten answers of 20 s each under a deadline of 30 s; more turns than answers, for what lies between them.
      for (let turn = 0; turn < 40; turn++) {
        await vi.advanceTimersByTimeAsync(20_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await run;

      expect(steps).toBe(5);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('progress', () => {
  it('counts the steps of both passes, also of a joint one', async () => {
    const single: number[] = [];
    await driveConversation(
      modelOf(() => 0),
      audioOf(1.5),
      { onProgress: (done) => single.push(done) },
    );
    const both: number[] = [];
    const model = modelOf(() => 0, { stepBoth: () => [0, 0] });
    await driveConversation(model, audioOf(1.5), { onProgress: (done) => both.push(done) });

    expect(single).toEqual([50, 75, 125, 150]);
    expect(both).toEqual([100, 150]);
  });

  it('can be stopped between blocks, with the reason of who stopped it', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    let steps = 0;
    const model = modelOf(() => {
      if (++steps === 60) controller.abort(reason);
      return 0;
    });

    await expect(driveConversation(model, audioOf(4), { signal: controller.signal })).rejects.toBe(reason);
    expect(steps).toBe(100);
  });

  it('can be stopped while the model is waited for, however long that may last', async () => {
    const reason = new Error('enough');
    const foreverAfter = (action: () => void) => () => {
      action();
      return new Promise<never>(() => {});
    };
    for (const modelThat of [
      (stop: () => void) => modelOf(foreverAfter(() => setImmediate(stop))),
      (stop: () => void) => modelOf(foreverAfter(stop)),
      (stop: () => void) => modelOf(() => 0, { reset: foreverAfter(() => setImmediate(stop)) }),
    ]) {
      const controller = new AbortController();
      const model = modelThat(() => controller.abort(reason));
      const driven = driveConversation(model, audioOf(4), { signal: controller.signal, stepDeadlineS: 1e6 });
      await expect(driven).rejects.toBe(reason);
    }
  });
});

describe('time', () => {
  it('is measured in the model and in all', async () => {
    const { computeS, wallS } = await driveConversation(
      modelOf(() => 0),
      audioOf(1),
    );

    expect(computeS).toBeGreaterThan(0);
    expect(wallS).toBeGreaterThanOrEqual(computeS);
  });
});
