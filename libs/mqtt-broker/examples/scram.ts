// Shown in the README; type-checked with the tests.

import { createBroker, scramCredentials, scramSha256, type ScramUser } from '@hearth/mqtt-broker';

// Made once, for example when a user is added, and kept instead of the password.
const credentials = await scramCredentials('pencil');
const users = new Map<string, ScramUser>([
  [
    'alice',
    { credentials, principal: { id: 'alice', canPublish: () => true, canSubscribe: () => true } },
  ],
]);
createBroker({
  listeners: [{ transport: 'tcp', port: 1883 }],
  enhancedAuthenticators: [scramSha256({ find: (name) => users.get(name) })],
});
