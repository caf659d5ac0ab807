import { spawn } from 'node:child_process';
import { outputLines, subscriberOf, type Peer, type Target } from './peer.js';

/** mosquitto_pub and mosquitto_sub. They speak TCP only. */
export function mosquittoPeer(paths: () => { pub: string; sub: string }): Peer {
  return {
    async publish(target, { topic, payload, qos, retain = false }) {
      const args = [...common(target), '-t', topic, '-m', payload, '-q', String(qos)];
      const program = spawn(paths().pub, retain ? [...args, '-r'] : args);
      await outputLines(program, 'mosquitto_pub');
    },
    subscribe(target, { filter, qos, count, persistentId, will }) {
      const args = [...common(target), '-t', filter, '-q', String(qos)];
      args.push(...(count === 0 ? ['-E'] : ['-C', String(count)]));
      args.push('-F', '%t|%q|%r|%p');
      if (persistentId !== undefined) args.push('-i', persistentId, '-c');
      if (will !== undefined) {
        args.push('--will-topic', will.topic, '--will-payload', will.payload);
        args.push('--will-qos', String(will.qos));
        if (will.retain === true) args.push('--will-retain');
      }
      return subscriberOf(spawn(paths().sub, args), 'mosquitto_sub');
    },
  };
}

function common({ port, version }: Target): string[] {
  return ['-h', '127.0.0.1', '-p', String(port), '-V', version === 5 ? 'mqttv5' : 'mqttv311'];
}
