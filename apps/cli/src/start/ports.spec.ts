import { createServer, type AddressInfo } from 'node:net';
import { findTakenPorts } from './ports.js';

describe(findTakenPorts.name, () => {
  it('names the port and the variable of one that somebody has', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const found = await findTakenPorts([{ port, host: '127.0.0.1', variable: 'HEARTH_MQTT_PORT' }]);
    server.close();
    expect(found).toEqual({ taken: [{ port, variable: 'HEARTH_MQTT_PORT' }], problems: [] });
  });

  it('says what is wrong with a host that is not ours', async () => {
    const found = await findTakenPorts([
      { port: 4000, host: '203.0.113.9', variable: 'HEARTH_PORT' },
    ]);
    expect(found.problems.join()).toMatch(/HEARTH_PORT/);
  });

  it('never complains about port 0', async () => {
    const found = await findTakenPorts([{ port: 0, host: '127.0.0.1', variable: 'HEARTH_PORT' }]);
    expect(found).toEqual({ taken: [], problems: [] });
  });
});
