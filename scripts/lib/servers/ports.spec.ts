import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePorts, isPortFree, portClashMessage, requireFreePort, upPorts } from './ports.ts';

async function holdingAPort<T>(body: (port: number) => Promise<T>): Promise<T> {
  const [port] = (await freePorts(1)) as [number];
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
  try {
    return await body(port);
  } finally {
    await new Promise((resolve) => holder.close(resolve));
  }
}

describe('ports', () => {
  it('are different, free and below those of outgoing connections', async () => {
    const ports = await freePorts(20);
    expect(new Set(ports).size).toBe(20);
    for (const port of ports) {
      expect(port).toBeLessThan(32_768);
      expect(await isPortFree(port)).toBe(true);
    }
  });

  it('are not free while somebody listens, and a server for them is refused', async () => {
    await holdingAPort(async (port) => {
      expect(await isPortFree(port)).toBe(false);
      await expect(requireFreePort('kafka', port, 'KAFKA_BROKERS')).rejects.toThrow(`port ${port}`);
    });
  });

  it('are named with a way out when a stranger holds them', () => {
    const message = portClashMessage('postgres', upPorts.postgres, 'DATABASE_URL');
    expect(message).toContain('port 35432 of 127.0.0.1 is in use by a program that this clone did not start');
    expect(message).toContain("ss -ltnp 'sport = :35432'");
    expect(message).toContain('DATABASE_URL');
    expect(portClashMessage('gateway', 3100)).not.toContain('undefined');
  });

  it('of the stack clash with no usual one', () => {
    const usual = [5432, 9092, 9093, 6379, 3000, 8080];
    expect(Object.values(upPorts).filter((port) => usual.includes(port))).toEqual([]);
  });
});
