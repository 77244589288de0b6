import { describe, expect, it } from 'vitest';
import type { Timeline } from '../../src/core/timeline.js';
import { renderTimeline } from '../../src/report/timeline.js';

// 0.2 s at 100 Hz: ten steps. The floor is held in steps 2–4 and 9; the class answers on step 3 and is held.
const TIMELINE: Timeline = {
  title: 'conversation <1> & "speaker 1"',
  sampleRateHz: 100,
  subject: Float32Array.of(...Array(10).fill(0), 0.5, -1, ...Array(8).fill(0)),
  other: new Float32Array(20),
  classes: ['user'],
  probabilities: Float32Array.of(0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1),
  threshold: 0.25,
  floor: Uint8Array.of(0, 0, 1, 1, 1, 0, 0, 0, 0, 1),
  turns: { subject: [{ startS: 0.05, endS: 0.15 }], other: [] },
};

const svg = renderTimeline(TIMELINE);

describe('renderTimeline', () => {
  it('is one drawing as wide as the conversation is long', () => {
    expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg" width="104" height="385"')).toBe(true);
    expect(svg.endsWith('</svg>\n')).toBe(true);
    expect(renderTimeline({ ...TIMELINE, subject: new Float32Array(6000) })).toContain('width="1300"');
  });

  it('escapes what people call their conversations', () => {
    expect(svg).toContain('>conversation &lt;1&gt; &amp; &quot;speaker 1&quot;<');
  });

  it('draws a probability from the end of the step that answered it', () => {
    // 0.08 s → x 81.6, P 0.5 → y 255; 0.2 s → x 84, P 1 → y 185
    expect(svg).toContain('d="M80 325H81.6V255H84V185H84"');
    expect(svg).toContain('M80 290H84'); // threshold 0.25
  });

  it('draws the floor bit from the end of its first step to the end of the step that cleared it', () => {
    // held from 0.06 s to 0.12 s; the last step's bit has no length any more
    expect(svg).toContain('<rect x="81.2" y="335" width="1.2" height="16"');
  });

  it('draws turns behind the speaker who had them, and the loudest samples of every column', () => {
    expect(svg).toContain('<rect x="81" y="40" width="2" height="60"');
    expect(svg.match(/fill="#cfe8cf"/g)).toHaveLength(1);
    expect(svg).toContain('M82 55V100'); // 0.5 up, −1 down, around y 70
  });
});
