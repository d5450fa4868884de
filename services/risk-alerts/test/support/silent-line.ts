import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A way to the database that falls silent: as when its host is gone, nothing is closed, and nothing comes any more. What connects
 * later gets through.
 */
export class SilentLine {
  readonly #pairs = new Map<Socket, Socket>();
  #server: Server | undefined;

  /** The same address by way of this line. */
  async to(address: string): Promise<string> {
    const url = new URL(address);
    const { hostname, port } = url;
    const server = createServer((near) => {
      const far = connect(Number(port), hostname);
      this.#pairs.set(near, far);
      near.pipe(far).pipe(near);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const)
        socket.on('error', () => undefined).on('close', () => other.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    return url.href;
  }

  /** Nothing that goes either way on what is connected now arrives. */
  fallSilent(): void {
    for (const [near, far] of this.#pairs) for (const socket of [near, far]) socket.unpipe().resume();
  }

  async close(): Promise<void> {
    for (const [near] of this.#pairs) near.destroy();
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
  }
}
