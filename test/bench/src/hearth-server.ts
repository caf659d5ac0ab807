// Our broker as a program that embeds it would run it: one user with a password and a list of topics, checked for every
// CONNECT, SUBSCRIBE and PUBLISH.
import { createHash, timingSafeEqual } from 'node:crypto';
import { createBroker, ReasonCode, type Principal, type Refusal } from '@hearth/mqtt-broker';
import { HEARTH_LOGIN } from './hearth-login.js';

const ALLOWED = ['site/+/status', 'probe/#', 'bench/#'];
const secret = digest(HEARTH_LOGIN.password);
const refusal: Refusal = { refused: true, reasonCode: ReasonCode.badUserNameOrPassword };
const principal: Principal = {
  id: HEARTH_LOGIN.username,
  canPublish: isAllowed,
  canSubscribe: isAllowed,
};

await createBroker({
  listeners: [{ transport: 'tcp', port: Number(process.argv[2]), host: '127.0.0.1' }],
  limits: JSON.parse(process.argv[3] ?? '{}'),
  authenticator: {
    authenticate: ({ username, password }) =>
      username === principal.id &&
      password !== undefined &&
      timingSafeEqual(digest(password), secret)
        ? principal
        : refusal,
  },
}).start();
// An ordinary end, so that `--cpu-prof` writes what it saw.
process.once('SIGTERM', () => process.exit());

function digest(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}

function isAllowed(topic: string): boolean {
  return ALLOWED.some((filter) => covers(filter, topic));
}

/** Whether a topic name or filter lies within a filter, character by character. */
function covers(filter: string, topic: string): boolean {
  let at = 0;
  for (let index = 0; index < filter.length; index += 1) {
    const sign = filter[index];
    if (sign === '#') return true;
    if (sign === '+') while (at < topic.length && topic[at] !== '/') at += 1;
    else if (topic[at] !== sign) return false;
    else at += 1;
  }
  return at === topic.length;
}
