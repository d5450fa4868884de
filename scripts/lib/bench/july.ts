/** The last July whose eighteenth is over, as `YYYY-MM`: what was observed cannot lie ahead. */
export function julyBefore(now: Date): string {
  const year = now.getUTCFullYear();
  return `${now >= new Date(`${year}-07-19T00:00:00Z`) ? year : year - 1}-07`;
}
