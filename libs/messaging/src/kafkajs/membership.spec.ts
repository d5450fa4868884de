import { describe, expect, it } from '@jest/globals';
import { Membership } from './membership.js';

const accepted = () => Promise.resolve();
const refused = () => Promise.reject(new Error('rebalance in progress'));

describe('a stay in the group', () => {
  it('lets batches in once its seeks are made', async () => {
    const stay = new Membership();
    const begun = stay.begun();
    stay.begin();
    expect(await begun).toBe(true);
    await expect(stay.check(accepted)).resolves.toBeUndefined();
  });

  it('drops batches that still wait when it ends', async () => {
    const stay = new Membership();
    const begun = stay.begun();
    stay.end();
    expect(await begun).toBe(false);
    await expect(stay.check(accepted)).rejects.toThrow(/has ended/);
  });

  it('remembers that the group has refused it', async () => {
    const stay = new Membership();
    stay.begin();
    await expect(stay.check(refused)).rejects.toThrow(/rebalance/);
    await expect(stay.check(accepted)).rejects.toThrow(/rebalance/);
  });

  it('lets go of waiting batches when a heartbeat on the timer is refused', async () => {
    const stay = new Membership();
    const stop = stay.keepAlive(refused, 1);
    expect(await stay.begun()).toBe(false);
    stop();
  });
});
