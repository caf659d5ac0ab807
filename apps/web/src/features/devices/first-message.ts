// Where a freshly registered device stands on its way to the first reading, in words. Pure.
import { isNativeTopic, type DeadLetter, type Device } from '@hearth/contracts';
import type { Refusal } from '@hearth/contracts';

export type FirstMessage =
  | { readonly step: 'arrived' }
  | { readonly step: 'not-understood'; readonly letter: DeadLetter }
  | { readonly step: 'wrong-topic'; readonly topic: string }
  | { readonly step: 'connected' }
  | { readonly step: 'wrong-secret'; readonly address: string; readonly atMs: number }
  | { readonly step: 'other-name'; readonly username: string; readonly address: string }
  | { readonly step: 'waiting' };

/** How far it got. What happened before `sinceMs` is not about this attempt. */
export function firstMessage(
  device: Device,
  refusals: readonly Refusal[],
  letters: readonly DeadLetter[],
  sinceMs: number,
): FirstMessage {
  if (device.series.some((series) => series.latest !== null)) return { step: 'arrived' };
  const recent = refusals.filter((refusal) => refusal.atMs >= sinceMs);
  const letter = letters[0];
  if (letter !== undefined) return { step: 'not-understood', letter };
  const denied = recent.find(
    (refusal) => refusal.type === 'publish' && refusal.username === device.id,
  );
  if (denied?.type === 'publish') return { step: 'wrong-topic', topic: denied.topic };
  const { state } = device.presence;
  if (state === 'online' || state === 'late') return { step: 'connected' };
  const refused = recent.filter((refusal) => refusal.type === 'connect');
  const own = refused.find((refusal) => refusal.username === device.id);
  if (own !== undefined) return { step: 'wrong-secret', address: own.address, atMs: own.atMs };
  const other = refused[0];
  if (other !== undefined) {
    return { step: 'other-name', username: other.username ?? '', address: other.address };
  }
  return { step: 'waiting' };
}

interface Words {
  readonly title: string;
  readonly advice: string;
}

/** What to tell a person at that step. */
export function describeFirstMessage(where: FirstMessage, device: Device): Words {
  if (where.step === 'arrived') {
    return { title: `${device.name} is here`, advice: 'Its first reading has arrived.' };
  }
  if (where.step === 'not-understood') {
    return {
      title: 'Connected, but the message was not understood',
      advice: `${where.letter.detail}. It was sent to ${where.letter.topic}.`,
    };
  }
  if (where.step === 'wrong-topic') {
    const own = `hearth/${device.id}/`;
    const reason = isNativeTopic(where.topic) ? 'belongs to another device' : 'is not its own';
    return {
      title: 'Connected, but on the wrong topic',
      advice: `It tried to publish to ${where.topic}, which ${reason}. Its topics begin with ${own}.`,
    };
  }
  if (where.step === 'connected') {
    return {
      title: 'Connected, waiting for the first reading',
      advice: 'User name and secret are right. Nothing has been published yet.',
    };
  }
  if (where.step === 'wrong-secret') {
    return {
      title: 'Wrong secret',
      advice: `A client at ${where.address} used the right user name with a wrong secret. Copy the secret again.`,
    };
  }
  if (where.step === 'other-name') {
    const name = where.username === '' ? 'no user name' : `the user name ${where.username}`;
    return {
      title: 'Somebody was turned away',
      advice: `A client at ${where.address} came with ${name}. The user name of this device is ${device.id}.`,
    };
  }
  return {
    title: 'Waiting for the first message',
    advice: 'No connection yet. Check the address, the port and the Wi-Fi.',
  };
}
