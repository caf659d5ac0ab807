import * as fc from 'fast-check';
import { DevicePresence, type ConnectionEnd, type PresenceSignal } from './device-presence.js';
import {
  ASSUMED_SLEEP_MS,
  FLAP_CALM_MS,
  FLAP_LOSSES,
  GONE_AFTER_MS,
  RESTART_GRACE_MS,
  TAKE_OVER_MS,
} from './presence-limits.js';

const MINUTE = 60_000;

const connected = (atMs: number): PresenceSignal => ({ type: 'connected', atMs });
const disconnected = (cause: ConnectionEnd, atMs: number): PresenceSignal => ({
  type: 'disconnected',
  cause,
  atMs,
});
const status = (text: 'online' | 'offline', will: boolean, atMs: number): PresenceSignal => ({
  type: 'status',
  status: text,
  will,
  atMs,
});
const declared = (intervalMs: number, sleeps: boolean, atMs: number): PresenceSignal => ({
  type: 'declared',
  intervalMs,
  sleeps,
  atMs,
});
const tick = (atMs: number): PresenceSignal => ({ type: 'tick', atMs });

/** Every change that the signals make, as `state(cause)@time`. */
function story(sut: DevicePresence, ...signals: PresenceSignal[]): string[] {
  return signals.flatMap((signal) => {
    const change = sut.receive(signal);
    return change ? [`${change.state}(${change.cause})@${change.sinceMs}`] : [];
  });
}

const aDevice = () => DevicePresence.registered(0);

const restored = (more: Partial<Parameters<typeof DevicePresence.restored>[0]> = {}) =>
  DevicePresence.restored({
    last: { state: 'online', cause: 'connected', sinceMs: 100 },
    lastSeenMs: 400,
    intervalMs: undefined,
    sleeps: false,
    watchedUntilMs: 500,
    nowMs: 1_000,
    ...more,
  });

describe('DevicePresence', () => {
  it('is judged by what an integration says for it, until it connects itself', () => {
    const sut = aDevice();
    expect(sut.hearThroughOthers(1)).toEqual({ state: 'online', cause: 'reported', sinceMs: 1 });
    const silent = 1 + 2 * ASSUMED_SLEEP_MS;
    expect(story(sut, tick(silent - 1), tick(silent))).toEqual([`late(missed-interval)@${silent}`]);
    expect(sut.hearThroughOthers(silent + 1)).toMatchObject({ state: 'online' });
    expect(story(sut, tick(silent + 1 + GONE_AFTER_MS))).toEqual([
      `offline(missed-interval)@${silent + 1 + GONE_AFTER_MS}`,
    ]);
    const back = silent + 2 + GONE_AFTER_MS;
    expect(story(sut, connected(back), disconnected('will', back + 1))).toEqual([
      `online(connected)@${back}`,
      `offline(will)@${back + 1}`,
    ]);
  });

  it('is online again when an integration speaks for it after a restart', () => {
    const sut = restored();
    expect(sut.hearThroughOthers(2_000)).toMatchObject({ state: 'online', cause: 'reported' });
    expect(story(sut, tick(2_000 + RESTART_GRACE_MS))).toEqual([]);
  });

  it('is never seen until it connects', () => {
    const sut = aDevice();
    expect(sut.current).toEqual({ state: 'never-seen', cause: 'registered', sinceMs: 0 });
    expect(story(sut, tick(10 * MINUTE))).toEqual([]);
    expect(story(sut, connected(11 * MINUTE))).toEqual([`online(connected)@${11 * MINUTE}`]);
  });

  it.each([
    ['connection-lost', 'offline(connection-lost)@2'],
    ['keep-alive-timeout', 'offline(keep-alive-timeout)@2'],
    ['clean-disconnect', 'offline(clean-disconnect)@2'],
    ['will', 'offline(will)@2'],
    ['protocol-error', 'offline(protocol-error)@2'],
    ['kicked', 'offline(kicked)@2'],
    ['server-stop', 'unknown(server-stop)@2'],
  ] as const)('ends with %s as %s', (cause, expected) => {
    expect(story(aDevice(), connected(1), disconnected(cause, 2))).toEqual([
      'online(connected)@1',
      expected,
    ]);
  });

  it('changes once when the socket dies and the will follows', () => {
    const sut = aDevice();
    expect(
      story(
        sut,
        connected(1),
        status('online', false, 2),
        disconnected('connection-lost', 3),
        status('offline', true, 4),
      ),
    ).toEqual(['online(connected)@1', 'offline(connection-lost)@3']);
  });

  it('stays online while one of two connections is open', () => {
    const sut = aDevice();
    expect(
      story(sut, connected(1), connected(2), disconnected('clean-disconnect', 3), tick(4)),
    ).toEqual(['online(connected)@1']);
    expect(story(sut, disconnected('clean-disconnect', 5))).toEqual([
      'offline(clean-disconnect)@5',
    ]);
  });

  describe('at a take-over', () => {
    it('stays online when the new connection is announced first', () => {
      const sut = aDevice();
      const signals = [
        connected(1),
        connected(2),
        disconnected('taken-over', 2),
        status('offline', true, 2),
        tick(TAKE_OVER_MS * 2),
      ];
      expect(story(sut, ...signals)).toEqual(['online(connected)@1']);
    });

    it('stays online when the old connection ends first', () => {
      const sut = aDevice();
      const signals = [
        connected(1),
        disconnected('taken-over', 2),
        status('offline', true, 2),
        connected(3),
        tick(TAKE_OVER_MS * 2),
      ];
      expect(story(sut, ...signals)).toEqual(['online(connected)@1']);
    });

    it('goes offline when the new connection never comes', () => {
      const sut = aDevice();
      expect(
        story(sut, connected(1), disconnected('taken-over', 2), tick(2 + TAKE_OVER_MS)),
      ).toEqual(['online(connected)@1', `offline(taken-over)@${2 + TAKE_OVER_MS}`]);
    });
  });

  it('is offline when it says so itself, and back when it says anything else', () => {
    const sut = aDevice();
    expect(story(sut, connected(1), status('offline', false, 2))).toEqual([
      'online(connected)@1',
      'offline(reported)@2',
    ]);
    expect(sut.hear(3)).toEqual({ state: 'online', cause: 'reported', sinceMs: 3 });
    expect(
      story(sut, status('offline', false, 4), disconnected('clean-disconnect', 5), tick(6)),
    ).toEqual(['offline(reported)@4']);
  });

  describe('with a declared interval', () => {
    it('is late after two missed reports, and online with the next one', () => {
      const sut = aDevice();
      expect(
        story(
          sut,
          connected(0),
          declared(MINUTE, false, 0),
          tick(2 * MINUTE - 1),
          tick(2 * MINUTE),
          tick(3 * MINUTE),
        ),
      ).toEqual(['online(connected)@0', `late(missed-interval)@${2 * MINUTE}`]);
      expect(sut.hear(4 * MINUTE)).toEqual({
        state: 'online',
        cause: 'reported',
        sinceMs: 4 * MINUTE,
      });
    });

    it('is not late for a jitter of a short interval', () => {
      const sut = aDevice();
      expect(story(sut, connected(0), declared(100, false, 0), tick(5_000))).toEqual([
        'online(connected)@0',
      ]);
    });

    it('is never late without one', () => {
      expect(story(aDevice(), connected(0), tick(GONE_AFTER_MS))).toEqual(['online(connected)@0']);
    });
  });

  describe('asleep', () => {
    const asleep = () => {
      const sut = aDevice();
      story(sut, connected(0), declared(15 * MINUTE, true, 0), disconnected('clean-disconnect', 1));
      return sut;
    };

    it('is online while its interval lasts', () => {
      const sut = asleep();
      expect(story(sut, tick(29 * MINUTE))).toEqual([]);
      expect(sut.current.state).toBe('online');
    });

    it('is late, not offline, when it does not wake', () => {
      const sut = asleep();
      expect(story(sut, tick(30 * MINUTE), tick(GONE_AFTER_MS - 1))).toEqual([
        `late(missed-interval)@${30 * MINUTE}`,
      ]);
    });

    it('is offline when it stayed away for a day', () => {
      const sut = asleep();
      expect(story(sut, tick(30 * MINUTE), tick(GONE_AFTER_MS))).toEqual([
        `late(missed-interval)@${30 * MINUTE}`,
        `offline(missed-interval)@${GONE_AFTER_MS}`,
      ]);
    });

    it('says nothing when it wakes, reports and sleeps again', () => {
      const sut = asleep();
      const at = 15 * MINUTE;
      expect(
        story(sut, connected(at), disconnected('clean-disconnect', at + 1), tick(at + 2)),
      ).toEqual([]);
    });

    it('is offline when its connection is lost or its will comes', () => {
      const lost = asleep();
      expect(story(lost, connected(MINUTE), disconnected('connection-lost', MINUTE + 1))).toEqual([
        `offline(connection-lost)@${MINUTE + 1}`,
      ]);
      expect(story(asleep(), status('offline', true, MINUTE))).toEqual([`offline(will)@${MINUTE}`]);
    });

    it('is not offline when its info arrives after it left', () => {
      const sut = aDevice();
      expect(
        story(
          sut,
          connected(0),
          disconnected('clean-disconnect', 1),
          declared(15 * MINUTE, true, 2),
        ),
      ).toEqual(['online(connected)@0', 'offline(clean-disconnect)@1', 'online(connected)@2']);
    });
  });

  describe('with a bad connection', () => {
    const flaps = (cause: ConnectionEnd): PresenceSignal[] =>
      Array.from({ length: FLAP_LOSSES }, (_, index) => [
        connected(index * 1_000),
        disconnected(cause, index * 1_000 + 500),
      ]).flat();

    it('is flapping after several losses in a short time, and says so once', () => {
      const sut = aDevice();
      const changes = story(sut, ...flaps('connection-lost'), connected(6_000), tick(7_000));
      expect(changes.slice(-2)).toEqual([
        'online(connected)@4000',
        'flapping(connection-lost)@4500',
      ]);
    });

    it('is online again when it held for a while', () => {
      const sut = aDevice();
      story(sut, ...flaps('keep-alive-timeout'), connected(5_000));
      expect(story(sut, tick(4_499 + FLAP_CALM_MS), tick(4_500 + FLAP_CALM_MS))).toEqual([
        `online(connected)@${4_500 + FLAP_CALM_MS}`,
      ]);
    });

    it('is offline when it stays away', () => {
      const sut = aDevice();
      story(sut, ...flaps('connection-lost'));
      expect(story(sut, tick(4_500 + FLAP_CALM_MS))).toEqual([
        `offline(connection-lost)@${4_500 + FLAP_CALM_MS}`,
      ]);
    });

    it('shows two boards that throw each other out', () => {
      const sut = aDevice();
      story(sut, connected(0));
      const fights = Array.from({ length: FLAP_LOSSES }, (_, index) => [
        connected(index + 1),
        disconnected('taken-over', index + 1),
      ]).flat();
      expect(story(sut, ...fights)).toEqual([`flapping(taken-over)@${FLAP_LOSSES}`]);
    });

    it('is no flapping to come and go cleanly', () => {
      const sut = aDevice();
      expect(story(sut, ...flaps('clean-disconnect')).at(-1)).toBe(
        'offline(clean-disconnect)@4500',
      );
    });
  });

  describe('after a restart of the server', () => {
    it('is unknown from when nobody watched any more', () => {
      expect(restored().current).toEqual({
        state: 'unknown',
        cause: 'server-restart',
        sinceMs: 500,
      });
    });

    it('is online when it comes back within the grace time', () => {
      expect(story(restored(), tick(2_000), connected(3_000))).toEqual(['online(connected)@3000']);
    });

    it('is offline when it does not', () => {
      const end = 1_000 + RESTART_GRACE_MS;
      expect(story(restored(), tick(end - 1), tick(end), connected(end + 5))).toEqual([
        `offline(server-restart)@${end}`,
        `online(connected)@${end + 5}`,
      ]);
    });

    it('gives a sleeping device the time to wake, and then calls it late', () => {
      const sut = restored({ sleeps: true, intervalMs: 15 * MINUTE });
      const end = 1_000 + 30 * MINUTE;
      expect(story(sut, tick(1_000 + RESTART_GRACE_MS), tick(end))).toEqual([
        `late(missed-interval)@${end}`,
      ]);
    });

    it('keeps what was offline offline, with its cause', () => {
      const sut = restored({ last: { state: 'offline', cause: 'will', sinceMs: 100 } });
      expect(story(sut, tick(10 * MINUTE))).toEqual([]);
      expect(sut.current).toEqual({ state: 'offline', cause: 'will', sinceMs: 100 });
    });

    it('keeps the cause of a clean stop', () => {
      const sut = restored({ last: { state: 'unknown', cause: 'server-stop', sinceMs: 300 } });
      expect(sut.current).toEqual({ state: 'unknown', cause: 'server-stop', sinceMs: 300 });
      expect(story(sut, tick(1_000 + RESTART_GRACE_MS))).toEqual([
        `offline(server-restart)@${1_000 + RESTART_GRACE_MS}`,
      ]);
    });
  });

  it('is unknown when the server stops, whatever its connections do then', () => {
    const sut = aDevice();
    expect(
      story(
        sut,
        connected(1),
        connected(2),
        { type: 'server-stop', atMs: 3 },
        disconnected('server-stop', 4),
        status('offline', true, 4),
        disconnected('server-stop', 5),
        tick(6),
      ),
    ).toEqual(['online(connected)@1', 'unknown(server-stop)@3']);
  });

  describe('whatever happens in whatever order', () => {
    const atMs = fc.integer({ min: 0, max: 3 * 3_600_000 });
    const end = fc.constantFrom<ConnectionEnd>(
      'clean-disconnect',
      'will',
      'connection-lost',
      'keep-alive-timeout',
      'protocol-error',
      'taken-over',
      'kicked',
    );
    const signal = fc.oneof(
      atMs.map(connected),
      fc.tuple(end, atMs).map(([cause, at]) => disconnected(cause, at)),
      fc
        .tuple(fc.constantFrom('online' as const, 'offline' as const), fc.boolean(), atMs)
        .map(([text, will, at]) => status(text, will, at)),
      fc
        .tuple(fc.integer({ min: 100, max: 3_600_000 }), fc.boolean(), atMs)
        .map(([interval, sleeps, at]) => declared(interval, sleeps, at)),
      atMs.map(tick),
    );
    const signals = fc
      .array(signal, { maxLength: 60 })
      .map((list) => list.sort((a, b) => a.atMs - b.atMs));

    it('never repeats a state, and never goes back in time', () => {
      fc.assert(
        fc.property(signals, (list) => {
          const sut = aDevice();
          let before = sut.current;
          for (const one of list) {
            const change = sut.receive(one);
            if (change === undefined) continue;
            expect(change.state).not.toBe(before.state);
            expect(change.sinceMs).toBeGreaterThanOrEqual(before.sinceMs);
            before = change;
          }
        }),
      );
    });

    it('is online in the end when it connects and is left alone', () => {
      fc.assert(
        fc.property(signals, (list) => {
          const sut = aDevice();
          const last = 3 * 3_600_000;
          for (const one of [...list, connected(last), tick(last + FLAP_CALM_MS)]) sut.receive(one);
          sut.hear(last + FLAP_CALM_MS);
          expect(sut.current.state).toBe('online');
        }),
      );
    });

    it('is not online in the end when every connection was lost and nothing more comes', () => {
      fc.assert(
        fc.property(signals, (list) => {
          const sut = aDevice();
          for (const one of list) sut.receive(one);
          const last = 3 * 3_600_000;
          sut.receive(connected(last));
          while (sut.isConnected) sut.receive(disconnected('connection-lost', last));
          sut.receive(tick(last + FLAP_CALM_MS));
          expect(sut.current).toMatchObject({ state: 'offline', cause: 'connection-lost' });
        }),
      );
    });
  });
});
