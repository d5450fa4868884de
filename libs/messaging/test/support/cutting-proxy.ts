import { connect, createServer, Socket, type AddressInfo, type Server } from 'node:net';

/** A TCP proxy in front of a broker that can let a request through and cut the line before its answer comes back. */
export class CuttingProxy {
  readonly #servers: Server[] = [];
  readonly #ports = new Map<string, Promise<number>>();
  readonly #sockets = new Set<Socket>();
  #answersToCut = 0;
  cuts = 0;

  /** Cuts the connection at the next answers, after the broker has done what was asked. */
  cutNextAnswers(count: number): void {
    this.#answersToCut = count;
  }

  /** For `BusSettings.dial`. */
  readonly dial = (host: string, port: number): Socket => {
    const socket = new Socket();
    void this.#listen(host, port).then((proxied) => socket.connect(proxied, '127.0.0.1'));
    this.#remember(socket);
    return socket;
  };

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
  }

  #listen(host: string, port: number): Promise<number> {
    const key = `${host}:${port}`;
    const known = this.#ports.get(key);
    if (known) return known;
    const server = createServer((client) => this.#pipe(client, connect({ host, port })));
    this.#servers.push(server);
    const listening = new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
    this.#ports.set(key, listening);
    return listening;
  }

  #pipe(client: Socket, broker: Socket): void {
    this.#remember(client);
    this.#remember(broker);
    client.on('data', (chunk) => void broker.write(chunk));
    broker.on('data', (chunk) => {
      if (this.#answersToCut === 0) return void client.write(chunk);
      this.#answersToCut -= 1;
      this.cuts += 1;
      client.destroy();
      broker.destroy();
    });
    client.on('close', () => broker.destroy());
    broker.on('close', () => client.destroy());
  }

  #remember(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
