import { AckLatency } from './ack-latency.js';
import { NOW } from './fixtures/message.js';

describe(AckLatency, () => {
  it('knows nothing before the first acknowledgement', () => {
    expect(new AckLatency().percentile(0.5, NOW)).toBeNull();
  });

  it('tells percentiles within a quarter of the truth', () => {
    const latency = new AckLatency();
    for (let ms = 1; ms <= 1_000; ms += 1) latency.record(ms, NOW);
    for (const [fraction, truth] of [
      [0.5, 500],
      [0.99, 990],
    ] as const) {
      const told = latency.percentile(fraction, NOW)!;
      expect(told).toBeGreaterThanOrEqual(truth);
      expect(told).toBeLessThanOrEqual(truth * 1.25);
    }
  });

  it('forgets what is older than five minutes', () => {
    const latency = new AckLatency();
    latency.record(5_000, NOW);
    expect(latency.percentile(0.5, NOW + 200_000)).not.toBeNull();
    latency.record(2, NOW + 240_000);
    expect(latency.percentile(0.99, NOW + 300_000)).toBeLessThan(3);
    expect(latency.percentile(0.5, NOW + 600_000)).toBeNull();
  });

  it.each([-5, 0, Number.MAX_SAFE_INTEGER])('takes a latency of %d', (ms) => {
    const latency = new AckLatency();
    latency.record(ms, NOW);
    expect(latency.percentile(0.5, NOW)).toBeGreaterThanOrEqual(1);
  });
});
