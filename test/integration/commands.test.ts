// Commands and climate: from the request to the device and back, and what is said when it does not come back.
import {
  commandAcceptedSchema,
  commandPayloadSchema,
  commandSchema,
  deviceSchema,
  pageOf,
  type Command,
} from '@hearth/contracts';
import type { IPublishPacket, MqttClient } from 'mqtt';
import { LiveListener } from '../support/live-listener.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const pageSchema = pageOf(commandSchema);

describe('commands', () => {
  let hearth: RunningHearth;
  let live: LiveListener;
  beforeAll(async () => {
    hearth = await startHearth();
    live = await LiveListener.open(hearth.app.httpPort, { cookie: hearth.owner.cookie });
  });
  afterAll(async () => {
    await live.close();
    await hearth.close();
  });

  const send = async (id: string, body: object): Promise<Command> => {
    const answer = await hearth.owner.post(`/api/devices/${id}/commands`, body);
    if (answer.status !== 202) throw new Error(answer.text);
    return commandAcceptedSchema.parse(answer.json()).command;
  };
  const setClimate = async (id: string, body: object): Promise<Command> => {
    const answer = await hearth.owner.patch(`/api/devices/${id}/climate`, body);
    if (answer.status !== 202) throw new Error(answer.text);
    return commandAcceptedSchema.parse(answer.json()).command;
  };
  const final = async (id: string): Promise<Command> =>
    commandSchema.parse((await hearth.owner.get(`/api/commands/${id}?wait=final`)).json());
  const told = (id: string, status: Command['status']) =>
    live.find('command', ({ data }) => data.id === id && data.status === status);

  /** Answers each command as `respond` says; undefined stays silent. */
  const listen = async (
    device: RegisteredDevice,
    respond: (name: string, id: string) => object | undefined,
    client?: MqttClient,
  ) => {
    const connection = client ?? (await device.connect());
    const received: { topic: string; payload: unknown; packet: IPublishPacket }[] = [];
    connection.on('message', (topic, bytes, packet) => {
      const payload = commandPayloadSchema.parse(JSON.parse(bytes.toString()));
      received.push({ topic, payload, packet });
      const response = respond(topic.split('/').at(-1) ?? '', payload.id);
      if (response) {
        const answer = JSON.stringify({ id: payload.id, ...response });
        connection.publish(device.topic('response'), answer, { qos: 1 });
      }
    });
    await connection.subscribeAsync(device.topic('command/+'), { qos: 2 });
    return { connection, received };
  };

  it('reach the device and go from sent to delivered to applied', async () => {
    const device = await RegisteredDevice.register(hearth);
    const { connection, received } = await listen(device, () => ({ status: 'applied' }));
    const command = await send(device.id, { name: 'identify', args: { seconds: 3 } });
    const applied = await final(command.id);
    expect(applied).toMatchObject({
      status: 'applied',
      reason: null,
      requestedBy: 'ada@example.org',
      name: 'identify',
      args: { seconds: 3 },
    });
    expect([applied.sentAt, applied.deliveredAt, applied.finishedAt]).not.toContain(null);
    expect(received).toHaveLength(1);
    const [{ topic, payload, packet }] = received as [(typeof received)[number]];
    expect(topic).toBe(device.topic('command/identify'));
    expect(payload).toEqual({
      id: command.id,
      args: { seconds: 3 },
      expiresAt: Date.parse(command.expiresAt),
    });
    expect(packet.qos).toBe(2);
    expect(packet.properties).toMatchObject({
      responseTopic: device.topic('response'),
      correlationData: Buffer.from(command.id),
    });
    await told(command.id, 'applied');
    await connection.endAsync();
  });

  it('carry the reason of a device that rejects', async () => {
    const device = await RegisteredDevice.register(hearth);
    const { connection } = await listen(device, () => ({
      status: 'rejected',
      reason: 'compressor rest, 120 s',
    }));
    const { id } = await send(device.id, { name: 'boost' });
    expect(await final(id)).toMatchObject({ status: 'rejected', reason: 'compressor rest, 120 s' });
    await connection.endAsync();
  });

  it('say why nothing came of them', async () => {
    const [offline, deaf, silent] = [
      await RegisteredDevice.register(hearth),
      await RegisteredDevice.register(hearth),
      await RegisteredDevice.register(hearth),
    ];
    const deafClient = await deaf.connect();
    const { connection } = await listen(silent, () => undefined);
    const body = { name: 'identify', timeoutSeconds: 1 };
    const commands = [
      await send(offline.id, body),
      await send(deaf.id, body),
      await send(silent.id, body),
    ];
    const ends = await Promise.all(commands.map(({ id }) => final(id)));
    expect(ends.map(({ status, reason }) => [status, reason])).toEqual([
      ['expired', 'the device is offline'],
      ['expired', 'the device is connected, but does not listen for commands'],
      ['expired', 'delivered, but the device did not answer'],
    ]);
    await deafClient.endAsync();
    await connection.endAsync();
  });

  it('wait for a device without a session until it subscribes', async () => {
    const device = await RegisteredDevice.register(hearth);
    const { id, status } = await send(device.id, { name: 'identify' });
    expect(status).toBe('queued');
    const { connection, received } = await listen(device, () => ({ status: 'applied' }));
    expect(await final(id)).toMatchObject({ status: 'applied' });
    expect(received).toHaveLength(1);
    await connection.endAsync();
  });

  it('wait in the session of a sleeping device, and reach it once', async () => {
    const device = await RegisteredDevice.register(hearth);
    const persistent = { clean: false, properties: { sessionExpiryInterval: 3_600 } };
    const asleep = await listen(device, () => undefined, await device.connect(persistent));
    await asleep.connection.endAsync();
    const { id, status } = await send(device.id, { name: 'identify' });
    expect(status).toBe('queued');
    const connection = await device.connect(persistent);
    const awake = await listen(device, () => ({ status: 'applied' }), connection);
    expect(await final(id)).toMatchObject({ status: 'applied' });
    expect(awake.received.length).toBeLessThanOrEqual(1);
    await connection.endAsync();
  });

  it('do not listen to the answer of another device', async () => {
    const [device, other] = [
      await RegisteredDevice.register(hearth),
      await RegisteredDevice.register(hearth),
    ];
    const { connection } = await listen(device, () => undefined);
    const { id } = await send(device.id, { name: 'identify', timeoutSeconds: 1 });
    const liar = await other.connect();
    await liar.publishAsync(other.topic('response'), JSON.stringify({ id, status: 'applied' }), {
      qos: 1,
    });
    expect(await final(id)).toMatchObject({ status: 'expired' });
    await liar.endAsync();
    await connection.endAsync();
  });

  it('are listed newest first, page by page', async () => {
    const device = await RegisteredDevice.register(hearth);
    const sent: string[] = [];
    for (let count = 0; count < 5; count++) {
      sent.unshift((await send(device.id, { name: 'identify' })).id);
    }
    const listed: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = `limit=2${cursor && `&cursor=${cursor}`}`;
      const answer = await hearth.owner.get(`/api/devices/${device.id}/commands?${query}`);
      const page = pageSchema.parse(answer.json());
      listed.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(listed).toEqual(sent);
  });

  it('are refused by name when they cannot be', async () => {
    const device = await RegisteredDevice.register(hearth);
    const post = (body: object) => hearth.owner.post(`/api/devices/${device.id}/commands`, body);
    const fieldsOf = async (body: object) => {
      const answer = await post(body);
      return [answer.status, answer.problem().errors?.map(({ field }) => field)];
    };
    expect(await fieldsOf({ name: 'a/b' })).toEqual([422, ['name']]);
    expect(await fieldsOf({ name: '#' })).toEqual([422, ['name']]);
    expect(await fieldsOf({ name: 'x', timeoutSeconds: 0 })).toEqual([422, ['timeoutSeconds']]);
    expect(await fieldsOf({ name: 'x', args: { text: 'y'.repeat(9_000) } })).toEqual([
      422,
      ['args'],
    ]);
    expect((await post({ name: 'climate', args: { target: 21 } })).status).toBe(409);
    const page = await hearth.owner.get(`/api/devices/${device.id}/commands?cursor=nonsense`);
    expect([page.status, page.problem().errors?.[0]?.field]).toEqual([422, 'cursor']);
    const viewer = await hearth.signInAs('viewer');
    const forbidden = await viewer.post(`/api/devices/${device.id}/commands`, { name: 'identify' });
    expect(forbidden.status).toBe(403);
  });

  it('are bounded for one device', async () => {
    const device = await RegisteredDevice.register(hearth);
    for (let count = 0; count < 50; count++) await send(device.id, { name: 'identify' });
    const answer = await hearth.owner.post(`/api/devices/${device.id}/commands`, {
      name: 'identify',
    });
    expect([answer.status, answer.problem().code]).toEqual([429, 'too-many-commands']);
  });

  it('end honestly when Hearth was stopped meanwhile', async () => {
    const other = await startHearth();
    const device = await RegisteredDevice.register(other);
    const answer = await other.owner.post(`/api/devices/${device.id}/commands`, {
      name: 'identify',
    });
    const { command } = commandAcceptedSchema.parse(answer.json());
    await other.restart(() =>
      other.database.prisma.command.update({
        where: { id: command.id },
        data: { expiresAt: new Date(Date.now() - 1), status: 'sent' },
      }),
    );
    expect((await other.local.get(`/api/commands/${command.id}`)).json()).toMatchObject({
      status: 'expired',
      reason: 'Hearth stopped before the device had answered',
    });
    await other.close();
  });

  describe('to a thermostat', () => {
    const info = {
      interval: 60,
      climate: {
        modes: ['off', 'heat', 'heat_cool'],
        minTarget: 10,
        maxTarget: 28,
        step: 0.5,
        deadband: 2,
      },
    };

    const aThermostat = async () => {
      const device = await RegisteredDevice.register(hearth, { kind: 'thermostat' });
      const client = await device.connect();
      await client.publishAsync(device.topic('info'), JSON.stringify(info), { qos: 1 });
      await live.find('changed', ({ data }) => data.deviceId === device.id);
      const report = (state: object) =>
        client.publishAsync(device.topic('state'), JSON.stringify({ climate: state }), { qos: 1 });
      return { device, client, report };
    };

    it('are applied when the reported state shows them', async () => {
      const { device, client, report } = await aThermostat();
      await client.subscribeAsync(device.topic('command/climate'), { qos: 2 });
      const { id } = await setClimate(device.id, { mode: 'heat', target: 21.5 });
      await told(id, 'delivered');
      await report({ mode: 'heat', action: 'heating', target: 20 });
      await report({ mode: 'heat', action: 'heating', target: 21.5, current: 19.2 });
      expect(await final(id)).toMatchObject({ status: 'applied' });
      const shown = await live.find('climate', ({ data }) => data.state.target === 21.5);
      expect(shown.data.deviceId).toBe(device.id);
      const view = deviceSchema.parse(
        (await hearth.owner.get(`/api/devices/${device.id}`)).json(),
      ).climate;
      expect(view?.capabilities).toEqual(info.climate);
      expect(view?.state).toMatchObject({ mode: 'heat', target: 21.5, current: 19.2 });
      await client.endAsync();
    });

    it('are superseded by a newer one that asks for the same', async () => {
      const { device, client } = await aThermostat();
      const [first, second] = [
        await setClimate(device.id, { target: 20 }),
        await setClimate(device.id, { target: 21 }),
      ];
      expect(await final(first.id)).toMatchObject({ status: 'superseded' });
      expect(second.status).toBe('queued');
      await client.endAsync();
    });

    it('are refused with the field that it cannot follow', async () => {
      const { device, client } = await aThermostat();
      const fieldsOf = async (body: object) => {
        const answer = await hearth.owner.patch(`/api/devices/${device.id}/climate`, body);
        return [answer.status, answer.problem().errors?.map(({ field }) => field)];
      };
      expect(await fieldsOf({ mode: 'cool' })).toEqual([422, ['mode']]);
      expect(await fieldsOf({ target: 29 })).toEqual([422, ['target']]);
      expect(await fieldsOf({ target: 'warm' })).toEqual([422, ['target']]);
      expect(await fieldsOf({ target_low: 20, target_high: 21 })).toEqual([422, ['target_low']]);
      expect(await fieldsOf({ target: 21, fan: 'high' })).toEqual([422, ['fan']]);
      await client.endAsync();
    });

    it('are refused by a device that is none', async () => {
      const device = await RegisteredDevice.register(hearth);
      const answer = await hearth.owner.patch(`/api/devices/${device.id}/climate`, { target: 21 });
      expect([answer.status, answer.problem().code]).toEqual([409, 'not-a-thermostat']);
      expect((await hearth.owner.patch('/api/devices/nobody/climate', { target: 21 })).status).toBe(
        404,
      );
    });
  });
});
