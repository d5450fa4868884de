/**
 * A failure whose message is meant for the person at the terminal: what went wrong and what to do.
 * The command wrapper prints the message alone; any other error is printed with its stack.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
}
