import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * A server that closes waits for its connections. Node and Fastify end those only that are idle at that moment: one that has not
 * asked anything yet (browsers and HTTP clients open some in advance) counts as busy and is never looked at again, and one whose
 * answer is under way is kept for Fastify's 72 s once that is given. Here the former end at once and the latter with their answers.
 */
export function letConnectionsGo(server: FastifyInstance): void {
  const open = new Set<Socket>();
  const answering = new Map<Socket, number>();
  let closing = false;
  server.server.on('connection', (socket: Socket) => {
    if (closing) return void socket.destroy();
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    answering.set(socket, (answering.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (answering.get(socket) ?? 1) - 1;
      if (left > 0) return void answering.set(socket, left);
      answering.delete(socket);
      if (closing) socket.destroySoon();
    });
  });
  server.addHook('preClose', (done) => {
    closing = true;
    for (const socket of open) if (!answering.has(socket)) socket.destroy();
    done();
  });
}
