import type { Session, Subscription } from '../session/session.js';
import { SharedGroup } from './shared-group.js';

function aMember(
  group: SharedGroup,
  name: string,
  state: 'ready' | 'connected' | 'full' | 'offline',
): void {
  const link = state === 'offline' ? undefined : {};
  const queue = { hasRoom: state !== 'full' };
  const session = { clientId: name, link, queue, isReady: state === 'ready' } as unknown as Session;
  group.set(session, {} as Subscription);
}

const picks = (group: SharedGroup, count: number): (string | undefined)[] =>
  Array.from({ length: count }, () => group.pick()?.session.clientId);

describe(SharedGroup.name, () => {
  it('goes round its members', () => {
    const sut = new SharedGroup();
    for (const name of ['a', 'b', 'c']) aMember(sut, name, 'ready');
    expect(picks(sut, 4)).toEqual(['a', 'b', 'c', 'a']);
  });

  it('prefers one that can take a message now, then one that is connected', () => {
    const sut = new SharedGroup();
    aMember(sut, 'offline', 'offline');
    expect(picks(sut, 1)).toEqual(['offline']);
    aMember(sut, 'busy', 'connected');
    expect(picks(sut, 2)).toEqual(['busy', 'busy']);
    aMember(sut, 'ready', 'ready');
    expect(picks(sut, 3)).toEqual(['ready', 'ready', 'ready']);
  });

  it('picks nobody when it is empty', () => {
    expect(new SharedGroup().pick()).toBeUndefined();
  });
});
