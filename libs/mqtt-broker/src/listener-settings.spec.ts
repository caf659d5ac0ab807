import { allowAll } from './auth/allow-all.js';
import { defaultLimits } from './limits.js';
import { defaultSettings, type ListenerSettings, resolveSettings } from './listener-settings.js';

const defaults = defaultSettings(defaultLimits, allowAll());

describe(resolveSettings.name, () => {
  it('takes what is not said from the defaults, undefined included', () => {
    const settings = resolveSettings(defaults, {
      maximumQos: 1,
      receiveMaximum: undefined,
    } as never);
    expect(settings).toEqual({ ...defaults, maximumQos: 1 });
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('has every limit of its own from the broker', () => {
    const limits = { ...defaultLimits, maxQueuedMessages: 7, maxConnections: 3 };
    expect(defaultSettings(limits, allowAll())).toMatchObject({
      maxQueuedMessages: 7,
      maxConnections: 3,
    });
  });

  it('takes no authentication methods over to a listener with an authenticator of its own', () => {
    const method = { method: 'M', begin: () => ({ next: () => ({ kind: 'continue' as const }) }) };
    const broker = defaultSettings(defaultLimits, allowAll(), [method]);
    expect(resolveSettings(broker).enhancedAuthenticators).toEqual([method]);
    const own = { authenticator: allowAll() };
    expect(resolveSettings(broker, own).enhancedAuthenticators).toEqual([]);
    const both = { ...own, enhancedAuthenticators: [method] };
    expect(resolveSettings(broker, both).enhancedAuthenticators).toEqual([method]);
  });

  it.each<[string, ListenerSettings]>([
    ['receiveMaximum', { receiveMaximum: 0 }],
    ['topicAliasMaximum', { topicAliasMaximum: 65_536 }],
    ['maxConnections', { maxConnections: -1 }],
    ['maxQueuedBytes', { maxQueuedBytes: 1.5 }],
    ['maximumQos', { maximumQos: 3 as never }],
    ['protocolVersions', { protocolVersions: [] }],
    ['protocolVersions', { protocolVersions: [2 as never] }],
    ['mountPoint', { mountPoint: 'homes/+/' }],
    ['mountPoint', { mountPoint: '$SYS/' }],
  ])('refuses an impossible %s', (name, own) => {
    expect(() => resolveSettings(defaults, own)).toThrow(`setting ${name} must be`);
  });
});
