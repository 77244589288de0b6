/**
 * A 16-bit PCM WAV in memory: the 44-byte header and the interleaved samples, nothing else, so equal samples give
 * equal bytes. A sample `v` is stored as `round(v·32768)`, halves upwards, clipped to [-32768, 32767]; samples that
 * were read from 16-bit audio come back to the bit.
 *
 * @param audio.channels equally long, at least one; values beyond full scale are clipped.
 * @throws RangeError when there is no channel, lengths differ, a sample is NaN, or the file would exceed 4 GiB.
 */
export function encodeWav16(audio: { sampleRateHz: number; channels: readonly Float32Array[] }): Uint8Array {
  const { sampleRateHz, channels } = audio;
  const length = channels[0]?.length;
  if (length === undefined || channels.some((channel) => channel.length !== length)) {
    throw new RangeError('encodeWav16 needs at least one channel, all of one length');
  }
  const frameBytes = 2 * channels.length;
  const dataBytes = length * frameBytes;
  if (dataBytes > 0xffff_ffff - 36) throw new RangeError(`${dataBytes} bytes of samples do not fit in a WAV`);

  const bytes = new Uint8Array(44 + dataBytes);
  const view = new DataView(bytes.buffer);
  const text = (at: number, letters: string) => bytes.set(new TextEncoder().encode(letters), at);
  text(0, 'RIFF');
  view.setUint32(4, 36 + dataBytes, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, channels.length, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 16, true); // bits per sample
  text(36, 'data');
  view.setUint32(40, dataBytes, true);

  channels.forEach((samples, channel) => {
    for (let i = 0, at = 44 + 2 * channel; i < length; i++, at += frameBytes) {
      const value = Math.round((samples[i] as number) * 0x8000);
      if (Number.isNaN(value)) throw new RangeError(`channel ${channel + 1}, sample ${i} is not a number`);
      view.setInt16(at, Math.max(-0x8000, Math.min(0x7fff, value)), true);
    }
  });
  return bytes;
}
